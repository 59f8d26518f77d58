<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
 <context>
  <name>waterseg</name>
  <message numerus="yes">
   <source>%n pieces of water</source>
   <translation>
    <numerusform>%n piece of water</numerusform>
    <numerusform>%n pieces of water</numerusform>
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
