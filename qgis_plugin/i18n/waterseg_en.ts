<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
 <context>
  <name>waterseg</name>
  <message numerus="yes">
   <source>%n chips</source>
   <translation>
    <numerusform>%n chip</numerusform>
    <numerusform>%n chips</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n chips, none with water</source>
   <translation>
    <numerusform>%n chip, without water</numerusform>
    <numerusform>%n chips, none with water</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n new suggestions</source>
   <translation>
    <numerusform>%n new suggestion</numerusform>
    <numerusform>%n new suggestions</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n not labelled yet</source>
   <translation>
    <numerusform>%n not labelled yet</numerusform>
    <numerusform>%n not labelled yet</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n objects</source>
   <translation>
    <numerusform>%n object</numerusform>
    <numerusform>%n objects</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n pieces of water</source>
   <translation>
    <numerusform>%n piece of water</numerusform>
    <numerusform>%n pieces of water</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n polygons drawn</source>
   <translation>
    <numerusform>%n polygon drawn</numerusform>
    <numerusform>%n polygons drawn</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n selected polygons</source>
   <translation>
    <numerusform>%n selected polygon</numerusform>
    <numerusform>%n selected polygons</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n suggestions are not decided; they do not count.</source>
   <translation>
    <numerusform>%n suggestion is not decided; it does not count.</numerusform>
    <numerusform>%n suggestions are not decided; they do not count.</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n tiles</source>
   <translation>
    <numerusform>%n tile</numerusform>
    <numerusform>%n tiles</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n water bodies</source>
   <translation>
    <numerusform>%n water body</numerusform>
    <numerusform>%n water bodies</numerusform>
   </translation>
  </message>
 </context>
</TS>
