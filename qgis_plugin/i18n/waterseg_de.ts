<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
 <context>
  <name>waterseg</name>
  <message>
   <source> m per pixel</source>
   <translation> m je Pixel</translation>
  </message>
  <message numerus="yes">
   <source>%n chips</source>
   <translation>
    <numerusform>%n Ausschnitt</numerusform>
    <numerusform>%n Ausschnitte</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n chips, none with water</source>
   <translation>
    <numerusform>%n Ausschnitt, ohne Wasser</numerusform>
    <numerusform>%n Ausschnitte, keiner mit Wasser</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n new suggestions</source>
   <translation>
    <numerusform>%n neuer Vorschlag</numerusform>
    <numerusform>%n neue Vorschläge</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n not labelled yet</source>
   <translation>
    <numerusform>%n noch offen</numerusform>
    <numerusform>%n noch offen</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n objects</source>
   <translation>
    <numerusform>%n Objekt</numerusform>
    <numerusform>%n Objekte</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n pieces of water</source>
   <translation>
    <numerusform>%n Stück Wasser</numerusform>
    <numerusform>%n Stücke Wasser</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n polygons drawn</source>
   <translation>
    <numerusform>%n Polygon gezeichnet</numerusform>
    <numerusform>%n Polygone gezeichnet</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n selected polygons</source>
   <translation>
    <numerusform>%n ausgewähltes Polygon</numerusform>
    <numerusform>%n ausgewählte Polygone</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n suggestions are not decided; they do not count.</source>
   <translation>
    <numerusform>%n Vorschlag ist nicht entschieden; er zählt nicht.</numerusform>
    <numerusform>%n Vorschläge sind nicht entschieden; sie zählen nicht.</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n tiles</source>
   <translation>
    <numerusform>%n Kachel</numerusform>
    <numerusform>%n Kacheln</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n water bodies</source>
   <translation>
    <numerusform>%n Gewässer</numerusform>
    <numerusform>%n Gewässer</numerusform>
   </translation>
  </message>
  <message>
   <source>1000 m²</source>
   <translation>1000 m²</translation>
  </message>
  <message>
   <source>256: images and masks of 256 pixels, as U-Nets are published</source>
   <translation>256: Bilder und Masken mit 256 Pixeln, wie U-Nets veröffentlicht werden</translation>
  </message>
  <message>
   <source>A folder of Python wheels, for a computer without a network: set up and repair take every package from there.</source>
   <translation>Ein Ordner mit Python-Wheels, für einen Rechner ohne Netz: Einrichten und Reparieren nehmen jedes Paket von dort.</translation>
  </message>
  <message>
   <source>A folder that Build training set wrote, or waterseg dataset.</source>
   <translation>Ein Ordner, den „Trainingssatz erstellen“ oder waterseg dataset geschrieben hat.</translation>
  </message>
  <message>
   <source>A new layer when you draw</source>
   <translation>Ein neuer Layer</translation>
  </message>
  <message>
   <source>A new run: {estimate}</source>
   <translation>Ein neuer Lauf: {estimate}</translation>
  </message>
  <message>
   <source>A policy of this computer forbids programs in this folder. Ask whoever runs it, or connect to a server.</source>
   <translation>Eine Richtlinie dieses Rechners verbietet Programme in diesem Ordner. Fragen Sie, wer ihn verwaltet, oder verbinden Sie sich mit einem Server.</translation>
  </message>
  <message>
   <source>A server</source>
   <translation>Ein Server</translation>
  </message>
  <message>
   <source>Accept</source>
   <translation>Annehmen</translation>
  </message>
  <message>
   <source>Accept suggestions</source>
   <translation>Vorschläge annehmen</translation>
  </message>
  <message>
   <source>Accept sure ones</source>
   <translation>Sichere annehmen</translation>
  </message>
  <message>
   <source>Access</source>
   <translation>Zugang</translation>
  </message>
  <message>
   <source>Add an image to the project: Layer, Add Layer, Add Raster Layer.</source>
   <translation>Fügen Sie dem Projekt ein Bild hinzu: Layer, Layer hinzufügen, Rasterlayer hinzufügen.</translation>
  </message>
  <message>
   <source>Address</source>
   <translation>Adresse</translation>
  </message>
  <message>
   <source>After step {step}: IoU {iou}, pooled {pooled}</source>
   <translation>Nach Schritt {step}: IoU {iou}, gepoolt {pooled}</translation>
  </message>
  <message>
   <source>All chips with water were checked: nothing to warn of.</source>
   <translation>Alle Ausschnitte mit Wasser sind geprüft: nichts zu bemängeln.</translation>
  </message>
  <message>
   <source>All of which the model is at least 70 % sure</source>
   <translation>Alle, bei denen das Modell zu mindestens 70 % sicher ist</translation>
  </message>
  <message>
   <source>All that are left</source>
   <translation>Alle übrigen</translation>
  </message>
  <message>
   <source>Also judge how the model answers in tokens (slower)</source>
   <translation>Auch beurteilen, wie das Modell in Tokens antwortet (langsamer)</translation>
  </message>
  <message>
   <source>Another QGIS is just setting up {folder}. Wait until it is done.</source>
   <translation>Ein anderes QGIS richtet {folder} gerade ein. Warten Sie, bis es fertig ist.</translation>
  </message>
  <message>
   <source>Answer</source>
   <translation>Antwort</translation>
  </message>
  <message>
   <source>Apple graphics (MPS)</source>
   <translation>Apple-Grafik (MPS)</translation>
  </message>
  <message>
   <source>Area</source>
   <translation>Gebiet</translation>
  </message>
  <message>
   <source>Area (all of the layer)</source>
   <translation>Gebiet (der ganze Layer)</translation>
  </message>
  <message>
   <source>Area (m²)</source>
   <translation>Fläche (m²)</translation>
  </message>
  <message>
   <source>Asking the engine of waterseg</source>
   <translation>Frage die Engine von waterseg</translation>
  </message>
  <message>
   <source>Asking…</source>
   <translation>Frage …</translation>
  </message>
  <message>
   <source>Asks the engine for its model, device and version.</source>
   <translation>Fragt die Engine nach Modell, Gerät und Version.</translation>
  </message>
  <message>
   <source>Automatic</source>
   <translation>Automatisch</translation>
  </message>
  <message>
   <source>Back to the form. A model that was made stays; a stopped training is forgotten.</source>
   <translation>Zurück zum Formular. Ein Modell, das entstanden ist, bleibt; ein angehaltenes Training wird vergessen.</translation>
  </message>
  <message>
   <source>Bands</source>
   <translation>Bänder</translation>
  </message>
  <message>
   <source>Bands that are red, green and blue, or one (as the layer shows)</source>
   <translation>Bänder für Rot, Grün und Blau, oder eines (wie der Layer zeigt)</translation>
  </message>
  <message>
   <source>Before: IoU {iou}</source>
   <translation>Vorher: IoU {iou}</translation>
  </message>
  <message>
   <source>Before: IoU {iou}, pooled {pooled}</source>
   <translation>Vorher: IoU {iou}, gepoolt {pooled}</translation>
  </message>
  <message>
   <source>Best for the tokens</source>
   <translation>Was Token besser sagen</translation>
  </message>
  <message>
   <source>Best so far: IoU {iou}, after step {step}</source>
   <translation>Bisher am besten: IoU {iou}, nach Schritt {step}</translation>
  </message>
  <message>
   <source>Blue</source>
   <translation>Blau</translation>
  </message>
  <message>
   <source>Both models look for water in what the map shows; two layers lie side by side.</source>
   <translation>Beide Modelle suchen Wasser in dem, was die Karte zeigt; zwei Layer zum Vergleichen.</translation>
  </message>
  <message>
   <source>Boxes and tokens</source>
   <translation>Rechtecke und Token</translation>
  </message>
  <message>
   <source>Build training set</source>
   <translation>Trainingssatz erstellen</translation>
  </message>
  <message>
   <source>Build training set: draw water, and teach a model with it</source>
   <translation>Trainingssatz erstellen: Wasser zeichnen und ein Modell damit lehren</translation>
  </message>
  <message>
   <source>By the recipe</source>
   <translation>Nach dem Rezept</translation>
  </message>
  <message>
   <source>Cancel</source>
   <translation>Abbrechen</translation>
  </message>
  <message>
   <source>Cancelled while the engine was starting.</source>
   <translation>Abgebrochen, während die Engine startete.</translation>
  </message>
  <message>
   <source>Cancelled.</source>
   <translation>Abgebrochen.</translation>
  </message>
  <message>
   <source>Cancelled. Nothing was left behind.</source>
   <translation>Abgebrochen. Nichts ist zurückgeblieben.</translation>
  </message>
  <message>
   <source>Cancelled. Resume the run to go on where it stopped.</source>
   <translation>Abgebrochen. Mit Fortsetzen geht der Lauf dort weiter, wo er aufgehört hat.</translation>
  </message>
  <message>
   <source>Cancelling…</source>
   <translation>Breche ab …</translation>
  </message>
  <message>
   <source>Check</source>
   <translation>Prüfen</translation>
  </message>
  <message>
   <source>Check all chips</source>
   <translation>Alle Ausschnitte prüfen</translation>
  </message>
  <message>
   <source>Chip</source>
   <translation>Ausschnitt</translation>
  </message>
  <message>
   <source>Chip at row {row}, column {col}</source>
   <translation>Ausschnitt bei Zeile {row}, Spalte {col}</translation>
  </message>
  <message>
   <source>Chips</source>
   <translation>Ausschnitte</translation>
  </message>
  <message>
   <source>Chips that I draw in or mark</source>
   <translation>Gezeichnet oder markiert</translation>
  </message>
  <message>
   <source>Choose a raster layer.</source>
   <translation>Wählen Sie einen Rasterlayer.</translation>
  </message>
  <message>
   <source>Choose a raster layer: waterseg looks at pixels.</source>
   <translation>Wählen Sie einen Rasterlayer: waterseg sieht Pixel an.</translation>
  </message>
  <message>
   <source>Choose a tool, then draw on the map. Every stroke is saved at once.</source>
   <translation>Wählen Sie ein Werkzeug und zeichnen Sie auf der Karte. Jeder Strich wird sofort gespeichert.</translation>
  </message>
  <message>
   <source>Choose a training set.</source>
   <translation>Wählen Sie einen Trainingssatz.</translation>
  </message>
  <message>
   <source>Choose one band, or three for red, green and blue.</source>
   <translation>Wählen Sie ein Band, oder drei für Rot, Grün und Blau.</translation>
  </message>
  <message>
   <source>Choose one of these, then click chips on the map; again undoes it.</source>
   <translation>Wählen Sie eines davon und klicken Sie Ausschnitte auf der Karte an; nochmals nimmt es zurück.</translation>
  </message>
  <message>
   <source>Choose the folder into which the training set goes.</source>
   <translation>Wählen Sie den Ordner, in den der Trainingssatz kommt.</translation>
  </message>
  <message>
   <source>Choose the folder of a training set.</source>
   <translation>Wählen Sie den Ordner eines Trainingssatzes.</translation>
  </message>
  <message>
   <source>Choose the layer with the drawn water.</source>
   <translation>Wählen Sie den Layer mit dem gezeichneten Wasser.</translation>
  </message>
  <message>
   <source>Chooses it in the panel Segment water.</source>
   <translation>Wählt es in „Wasser segmentieren“.</translation>
  </message>
  <message>
   <source>Click a corner, move it, click again. Del removes it.</source>
   <translation>Klicken Sie eine Ecke an, bewegen Sie sie, klicken Sie nochmals. Entf entfernt sie.</translation>
  </message>
  <message>
   <source>Click the corners of an island inside drawn water; a right click closes it.</source>
   <translation>Klicken Sie die Ecken einer Insel in gezeichnetem Wasser an; ein Rechtsklick schließt sie.</translation>
  </message>
  <message>
   <source>Click the corners of the water; a right click closes it.</source>
   <translation>Klicken Sie die Ecken des Wassers an; ein Rechtsklick schließt es.</translation>
  </message>
  <message>
   <source>Click to go to this chip.</source>
   <translation>Klicken Sie, um zu diesem Ausschnitt zu gehen.</translation>
  </message>
  <message>
   <source>Colours as on the map</source>
   <translation>Farben wie auf der Karte</translation>
  </message>
  <message>
   <source>Comes with waterseg</source>
   <translation>Kommt mit waterseg</translation>
  </message>
  <message>
   <source>Commands</source>
   <translation>Befehle</translation>
  </message>
  <message>
   <source>Compare two results: drag a line over the map</source>
   <translation>Zwei Ergebnisse vergleichen: eine Linie über die Karte ziehen</translation>
  </message>
  <message>
   <source>Compare with the old one
on this view</source>
   <translation>Mit dem alten vergleichen,
in dieser Ansicht</translation>
  </message>
  <message>
   <source>Compare: {new} | {old}</source>
   <translation>Vergleich: {new} | {old}</translation>
  </message>
  <message>
   <source>Confidence (0 to 1)</source>
   <translation>Sicherheit (0 bis 1)</translation>
  </message>
  <message>
   <source>Connect to a server…</source>
   <translation>Mit einem Server verbinden …</translation>
  </message>
  <message>
   <source>Contrast: auto, none, minmax, percentile, or LO,HI (auto)</source>
   <translation>Kontrast: auto, none, minmax, percentile oder UNTEN,OBEN (auto)</translation>
  </message>
  <message>
   <source>Copies a report for a bug report to the clipboard. It holds no secrets.</source>
   <translation>Kopiert einen Bericht für eine Fehlermeldung in die Zwischenablage. Er enthält keine Geheimnisse.</translation>
  </message>
  <message>
   <source>Copy</source>
   <translation>Kopieren</translation>
  </message>
  <message>
   <source>Copy diagnostics</source>
   <translation>Diagnose kopieren</translation>
  </message>
  <message>
   <source>Cuts an image and the water that was drawn on it into chips, and writes for each the text of tokens that PaliGemma learns to answer. The folder trains with the official tools as it is, and with waterseg finetune.

Chips without water are taken only from inside the area where everything is labelled. Training, validation and test are blocks of land, so that none has seen the other.

Draw the water, and look at what the tokens can say of it, in the panel Build training set.</source>
   <translation>Schneidet ein Bild und das darauf gezeichnete Wasser in Ausschnitte und schreibt zu jedem den Text aus Token, den PaliGemma zu antworten lernt. Der Ordner trainiert mit den offiziellen Werkzeugen, wie er ist, und mit waterseg finetune.

Ausschnitte ohne Wasser werden nur dort genommen, wo alles gezeichnet ist. Training, Validierung und Test sind Blöcke von Land, so dass keiner den anderen gesehen hat.

Zeichnen Sie das Wasser, und sehen Sie, was die Token davon sagen können, im Bedienfeld Trainingssatz erstellen.</translation>
  </message>
  <message>
   <source>Cutting chips…</source>
   <translation>Ausschnitte werden geschnitten…</translation>
  </message>
  <message>
   <source>Delete water</source>
   <translation>Wasser löschen</translation>
  </message>
  <message>
   <source>Device</source>
   <translation>Gerät</translation>
  </message>
  <message>
   <source>Distance between the parts (pixels; side / 8)</source>
   <translation>Abstand zwischen den Teilen (Pixel; Seite / 8)</translation>
  </message>
  <message>
   <source>Done</source>
   <translation>Fertig</translation>
  </message>
  <message>
   <source>Done.</source>
   <translation>Fertig.</translation>
  </message>
  <message>
   <source>Doubtful (below 50 %)</source>
   <translation>Zweifelhaft (unter 50 %)</translation>
  </message>
  <message>
   <source>Download</source>
   <translation>Herunterladen</translation>
  </message>
  <message>
   <source>Download and install</source>
   <translation>Herunterladen und installieren</translation>
  </message>
  <message>
   <source>Drag a rectangle on the map. Press Esc to stop drawing.</source>
   <translation>Ziehen Sie ein Rechteck auf der Karte auf. Esc beendet das Zeichnen.</translation>
  </message>
  <message>
   <source>Drag the line; Esc ends it.</source>
   <translation>Ziehen Sie die Linie; Esc beendet es.</translation>
  </message>
  <message>
   <source>Draw</source>
   <translation>Zeichnen</translation>
  </message>
  <message>
   <source>Draw a rectangle on the map.</source>
   <translation>Zeichnen Sie ein Rechteck auf die Karte.</translation>
  </message>
  <message>
   <source>Draw into</source>
   <translation>Zeichnen in</translation>
  </message>
  <message>
   <source>Draw into a new GeoPackage</source>
   <translation>In ein neues GeoPackage zeichnen</translation>
  </message>
  <message>
   <source>Draw into a new GeoPackage…</source>
   <translation>In ein neues GeoPackage zeichnen…</translation>
  </message>
  <message>
   <source>Draw the water</source>
   <translation>Das Wasser zeichnen</translation>
  </message>
  <message>
   <source>Draw water</source>
   <translation>Wasser zeichnen</translation>
  </message>
  <message>
   <source>Drawn</source>
   <translation>Gezeichnet</translation>
  </message>
  <message>
   <source>Drawn or suggested</source>
   <translation>Gezeichnet oder vorgeschlagen</translation>
  </message>
  <message>
   <source>Drawn water (polygons)</source>
   <translation>Gezeichnetes Wasser (Polygone)</translation>
  </message>
  <message>
   <source>Draw…</source>
   <translation>Zeichnen …</translation>
  </message>
  <message>
   <source>Dry</source>
   <translation>Trocken</translation>
  </message>
  <message>
   <source>Dry chips for each chip with water</source>
   <translation>Trockene Ausschnitte je Ausschnitt mit Wasser</translation>
  </message>
  <message>
   <source>Dry per wet</source>
   <translation>Trockene je nasser</translation>
  </message>
  <message>
   <source>Dry: the answer is empty.</source>
   <translation>Trocken: Die Antwort ist leer.</translation>
  </message>
  <message>
   <source>Engine</source>
   <translation>Engine</translation>
  </message>
  <message>
   <source>Epochs</source>
   <translation>Epochen</translation>
  </message>
  <message>
   <source>Epochs: how often every chip is seen (by the recipe)</source>
   <translation>Epochen: wie oft jeder Ausschnitt gesehen wird (nach dem Rezept)</translation>
  </message>
  <message>
   <source>Erase water</source>
   <translation>Wasser ausradieren</translation>
  </message>
  <message>
   <source>Eraser</source>
   <translation>Radierer</translation>
  </message>
  <message>
   <source>Evaluate</source>
   <translation>Auswerten</translation>
  </message>
  <message>
   <source>Export as GeoJSON</source>
   <translation>Als GeoJSON exportieren</translation>
  </message>
  <message>
   <source>Export as GeoJSON…</source>
   <translation>Als GeoJSON exportieren …</translation>
  </message>
  <message>
   <source>Exported to {path}</source>
   <translation>Exportiert nach {path}</translation>
  </message>
  <message>
   <source>Fetching the training set…</source>
   <translation>Der Trainingssatz wird geholt…</translation>
  </message>
  <message>
   <source>Field that says what each polygon is</source>
   <translation>Feld, das sagt, was jedes Polygon ist</translation>
  </message>
  <message>
   <source>Fill islands smaller than this (m²; 0)</source>
   <translation>Inseln füllen, die kleiner sind (m²; 0)</translation>
  </message>
  <message>
   <source>Find water in your images</source>
   <translation>Wasser in Ihren Bildern finden</translation>
  </message>
  <message>
   <source>Finds the water in a satellite or aerial image and gives polygons with their area, shoreline and confidence, in the CRS of the layer.

Works with files of any type and number of bands, and with WMS, WMTS and XYZ layers, which need a resolution.

The model runs in an engine outside QGIS, on this computer or on a server. Set it up once in Settings, Options, waterseg.

Cancelled runs can be resumed in the panel Segment water.</source>
   <translation>Findet das Wasser in einem Satelliten- oder Luftbild und gibt Polygone mit Fläche, Uferlänge und Sicherheit, im KBS des Layers.

Geht mit Dateien jeden Typs und mit beliebig vielen Bändern, und mit WMS-, WMTS- und XYZ-Layern, die eine Auflösung brauchen.

Das Modell läuft in einer Engine außerhalb von QGIS, auf diesem Rechner oder auf einem Server. Richten Sie sie einmal ein: Einstellungen, Optionen, waterseg.

Abgebrochene Läufe lassen sich im Fenster Wasser segmentieren fortsetzen.</translation>
  </message>
  <message>
   <source>Finds water in a raster layer and gives polygons.</source>
   <translation>Findet Wasser in einem Rasterlayer und gibt Polygone.</translation>
  </message>
  <message>
   <source>Finds water in a raster layer and gives you polygons</source>
   <translation>Findet Wasser in einem Rasterlayer und gibt Ihnen Polygone</translation>
  </message>
  <message>
   <source>Fine-tune</source>
   <translation>Feinabstimmen</translation>
  </message>
  <message>
   <source>Fine-tune on it</source>
   <translation>Damit feinabstimmen</translation>
  </message>
  <message>
   <source>Fine-tune: teach a model with a training set</source>
   <translation>Feinabstimmen: ein Modell mit einem Trainingssatz lehren</translation>
  </message>
  <message>
   <source>Folder</source>
   <translation>Ordner</translation>
  </message>
  <message>
   <source>Folder of the set</source>
   <translation>Ordner des Datensatzes</translation>
  </message>
  <message>
   <source>Folder of the training set</source>
   <translation>Ordner des Trainingssatzes</translation>
  </message>
  <message>
   <source>Folders of models, or names on the Hugging Face hub, with commas between them, for example google/paligemma2-3b-mix-448. They are then on offer under Model; large ones need a graphics card.</source>
   <translation>Ordner mit Modellen oder Namen auf dem Hugging-Face-Hub, mit Kommas dazwischen, zum Beispiel google/paligemma2-3b-mix-448. Sie stehen dann unter Modell zur Wahl; große brauchen eine Grafikkarte.</translation>
  </message>
  <message>
   <source>For a server with a token: add a configuration of the type Basic authentication and put the token into the field for the password; the user name may be anything. QGIS keeps it encrypted. Pixels of your layer are sent to this server.</source>
   <translation>Für einen Server mit Token: Fügen Sie eine Konfiguration vom Typ Basic (Standard-Authentifizierung) hinzu und tragen Sie das Token als Passwort ein; der Benutzername ist gleichgültig. QGIS bewahrt es verschlüsselt auf. Pixel Ihres Layers werden an diesen Server gesendet.</translation>
  </message>
  <message>
   <source>Forget all decisions about chips</source>
   <translation>Alle Entscheidungen über Ausschnitte vergessen</translation>
  </message>
  <message>
   <source>Forget the unfinished run</source>
   <translation>Den unfertigen Lauf vergessen</translation>
  </message>
  <message>
   <source>Found: choose one from the list.</source>
   <translation>Gefunden: Wählen Sie aus der Liste.</translation>
  </message>
  <message>
   <source>Freehand</source>
   <translation>Freihand</translation>
  </message>
  <message>
   <source>From chip to chip (pixels; the side)</source>
   <translation>Von Ausschnitt zu Ausschnitt (Pixel; die Seite)</translation>
  </message>
  <message>
   <source>From one chip to the next, in pixels; less than a side makes chips overlap.</source>
   <translation>Von einem Ausschnitt zum nächsten, in Pixeln; weniger als eine Seite lässt sie überlappen.</translation>
  </message>
  <message>
   <source>From the Hugging Face hub</source>
   <translation>Vom Hugging-Face-Hub</translation>
  </message>
  <message>
   <source>From which probability a pixel is water. Lower finds more water, and more that is none.</source>
   <translation>Ab welcher Wahrscheinlichkeit ein Pixel Wasser ist. Niedriger findet mehr Wasser, und mehr, das keines ist.</translation>
  </message>
  <message>
   <source>From {base}</source>
   <translation>Aus {base}</translation>
  </message>
  <message>
   <source>From {base}, with the set {name}</source>
   <translation>Aus {base}, mit dem Satz {name}</translation>
  </message>
  <message>
   <source>GeoPackage</source>
   <translation>GeoPackage</translation>
  </message>
  <message>
   <source>Give the new model a name.</source>
   <translation>Geben Sie dem neuen Modell einen Namen.</translation>
  </message>
  <message>
   <source>Go on where the run stopped, with its own options.</source>
   <translation>Dort weitermachen, wo der Lauf aufgehört hat, mit seinen eigenen Optionen.</translation>
  </message>
  <message>
   <source>Goes on to the end of this epoch, measures, and keeps the best model.</source>
   <translation>Sieht die Epoche zu Ende, misst und behält das beste Modell.</translation>
  </message>
  <message>
   <source>Goes on where the training stopped, to the same numbers.</source>
   <translation>Geht weiter, wo das Training aufgehört hat, zu denselben Zahlen.</translation>
  </message>
  <message>
   <source>Green</source>
   <translation>Grün</translation>
  </message>
  <message>
   <source>HTML files (*.html)</source>
   <translation>HTML-Dateien (*.html)</translation>
  </message>
  <message>
   <source>How many objects the answer for a chip names.</source>
   <translation>Wie viele Objekte die Antwort zu einem Ausschnitt nennt.</translation>
  </message>
  <message>
   <source>How much neighbouring tiles share. More is slower and finds a little more.</source>
   <translation>Wie viel benachbarte Kacheln gemeinsam haben. Mehr ist langsamer und findet etwas mehr.</translation>
  </message>
  <message>
   <source>How often every chip is seen, if the time allows.</source>
   <translation>Wie oft jeder Ausschnitt gesehen wird, wenn die Zeit reicht.</translation>
  </message>
  <message>
   <source>How the new model answers: with a mask head, which draws the best masks, or in tokens, as PaliGemma's own tools do.</source>
   <translation>Wie das neue Modell antwortet: mit einem Maskenkopf, der die besten Masken zeichnet, oder in Token, wie PaliGemmas eigene Werkzeuge.</translation>
  </message>
  <message>
   <source>If there is some, check that the bands are red, green and blue.</source>
   <translation>Wenn es welches gibt: Prüfen Sie, ob die Bänder Rot, Grün und Blau sind.</translation>
  </message>
  <message>
   <source>Image</source>
   <translation>Bild</translation>
  </message>
  <message>
   <source>In folder</source>
   <translation>Im Ordner</translation>
  </message>
  <message>
   <source>Install</source>
   <translation>Installieren</translation>
  </message>
  <message>
   <source>Installing PyTorch</source>
   <translation>Installiere PyTorch</translation>
  </message>
  <message>
   <source>Installing waterseg</source>
   <translation>Installiere waterseg</translation>
  </message>
  <message>
   <source>Installs the engine anew in its own environment.</source>
   <translation>Installiert die Engine neu in ihrer eigenen Umgebung.</translation>
  </message>
  <message>
   <source>IoU on validation chips</source>
   <translation>IoU der Validierung</translation>
  </message>
  <message>
   <source>IoU per image</source>
   <translation>IoU je Bild</translation>
  </message>
  <message>
   <source>IoU per image of the second model</source>
   <translation>IoU je Bild des zweiten Modells</translation>
  </message>
  <message>
   <source>IoU pooled</source>
   <translation>IoU über alle Pixel</translation>
  </message>
  <message>
   <source>IoU pooled of the second model</source>
   <translation>IoU über alle Pixel des zweiten Modells</translation>
  </message>
  <message>
   <source>IoU {value}</source>
   <translation>IoU {value}</translation>
  </message>
  <message>
   <source>IoU {value} on held-out images</source>
   <translation>IoU {value} auf zurückgehaltenen Bildern</translation>
  </message>
  <message>
   <source>IoU {value} per image, {pooled} pooled</source>
   <translation>IoU {value} je Bild, {pooled} über alle Pixel</translation>
  </message>
  <message>
   <source>IoU {value} per image, {pooled} pooled, on held-out images</source>
   <translation>IoU {value} je Bild, {pooled} über alle Pixel, auf zurückgehaltenen Bildern</translation>
  </message>
  <message>
   <source>IoU {value} pooled on held-out images</source>
   <translation>IoU {value} über alle Pixel zurückgehaltener Bilder</translation>
  </message>
  <message>
   <source>Island</source>
   <translation>Insel</translation>
  </message>
  <message>
   <source>Islands</source>
   <translation>Inseln</translation>
  </message>
  <message>
   <source>Its training set is not known here. Begin a new training.</source>
   <translation>Sein Trainingssatz ist hier nicht bekannt. Beginnen Sie ein neues Training.</translation>
  </message>
  <message>
   <source>Joining the polygons…</source>
   <translation>Füge die Polygone zusammen …</translation>
  </message>
  <message>
   <source>Label</source>
   <translation>Bezeichnung</translation>
  </message>
  <message>
   <source>Label field</source>
   <translation>Feld</translation>
  </message>
  <message>
   <source>Labelled area</source>
   <translation>Fertiges Gebiet</translation>
  </message>
  <message>
   <source>Labels of {layer}</source>
   <translation>Wasser auf {layer}</translation>
  </message>
  <message>
   <source>Layer</source>
   <translation>Layer</translation>
  </message>
  <message>
   <source>Learning rate</source>
   <translation>Lernrate</translation>
  </message>
  <message>
   <source>Least share of a chip with data (0.75)</source>
   <translation>Kleinster Anteil eines Ausschnitts mit Daten (0.75)</translation>
  </message>
  <message>
   <source>Least water in a wet chip (pixels; 64)</source>
   <translation>Kleinstes Wasser in einem nassen Ausschnitt (Pixel; 64)</translation>
  </message>
  <message>
   <source>Leave out</source>
   <translation>Weglassen</translation>
  </message>
  <message>
   <source>Leave out water smaller than this (m²; 1000)</source>
   <translation>Kleineres Wasser weglassen (m²; 1000)</translation>
  </message>
  <message>
   <source>Leaves out corners that are closer than this to the straight line, in metres. 0 keeps the outline exact.</source>
   <translation>Lässt Ecken weg, die näher als das an der geraden Linie liegen, in Metern. Mit 0 bleibt der Umriss genau.</translation>
  </message>
  <message>
   <source>Left out</source>
   <translation>Weggelassen</translation>
  </message>
  <message>
   <source>Left out when it was written: too little data, or none where water is drawn.</source>
   <translation>Beim Schreiben weggelassen: zu wenig Daten, oder keine dort, wo Wasser gezeichnet ist.</translation>
  </message>
  <message>
   <source>Let the model suggest water, and correct it</source>
   <translation>Das Modell Wasser vorschlagen lassen und es verbessern</translation>
  </message>
  <message>
   <source>Lets a model look for water in the chips of a set whose water is known, and compares both: intersection over union, precision, recall, shores, bodies and area, with intervals.

With a second model it says whether the first is better, worse, or not to be told apart.

The report is one page with pictures that needs no network. Judge by chips that the model did not learn from: that is what the part Test is for.</source>
   <translation>Lässt ein Modell in den Chips eines Datensatzes, dessen Wasser bekannt ist, nach Wasser suchen und vergleicht beides: Schnitt durch Vereinigung (IoU), Genauigkeit, Trefferquote, Ufer, Gewässer und Fläche, mit Intervallen.

Mit einem zweiten Modell sagt es, ob das erste besser ist, schlechter, oder nicht zu unterscheiden.

Der Bericht ist eine Seite mit Bildern, die kein Netz braucht. Urteilen Sie nach Chips, aus denen das Modell nicht gelernt hat: Dafür gibt es den Teil Test.</translation>
  </message>
  <message>
   <source>Licence</source>
   <translation>Lizenz</translation>
  </message>
  <message>
   <source>Licence of image and drawing</source>
   <translation>Lizenz von Bild und Zeichnung</translation>
  </message>
  <message>
   <source>Likely (50 to 70 %)</source>
   <translation>Wahrscheinlich (50 bis 70 %)</translation>
  </message>
  <message>
   <source>Log</source>
   <translation>Protokoll</translation>
  </message>
  <message>
   <source>Look for</source>
   <translation>Suche nach</translation>
  </message>
  <message>
   <source>Looking at the set, and trying what a step takes…</source>
   <translation>Der Satz wird angesehen, und ein Schritt probiert…</translation>
  </message>
  <message>
   <source>Looking at what this computer has</source>
   <translation>Sehe nach, was dieser Rechner hat</translation>
  </message>
  <message>
   <source>Looking at what this computer has…</source>
   <translation>Sehe nach, was dieser Rechner hat …</translation>
  </message>
  <message>
   <source>Looking for Python</source>
   <translation>Suche Python</translation>
  </message>
  <message>
   <source>Looking for water…</source>
   <translation>Suche Wasser …</translation>
  </message>
  <message>
   <source>Looking…</source>
   <translation>Suche …</translation>
  </message>
  <message>
   <source>Looks for Pythons that have the engine.</source>
   <translation>Sucht Pythons, die die Engine haben.</translation>
  </message>
  <message>
   <source>Loss</source>
   <translation>Verlust</translation>
  </message>
  <message>
   <source>Made (UTC)</source>
   <translation>Erstellt (UTC)</translation>
  </message>
  <message>
   <source>Made by waterseg on {date}.</source>
   <translation>Erstellt von waterseg am {date}.</translation>
  </message>
  <message>
   <source>Magic wand</source>
   <translation>Zauberstab</translation>
  </message>
  <message>
   <source>Making the environment</source>
   <translation>Lege die Umgebung an</translation>
  </message>
  <message>
   <source>Map view</source>
   <translation>Kartenansicht</translation>
  </message>
  <message>
   <source>Mask head</source>
   <translation>Maskenkopf</translation>
  </message>
  <message>
   <source>May go on beyond the image</source>
   <translation>Reicht vielleicht über das Bild hinaus</translation>
  </message>
  <message>
   <source>Measured on images that it did not learn from, of the kind that it learned from: numbers of models with other data cannot be compared.</source>
   <translation>Gemessen an Bildern, aus denen es nicht gelernt hat, von der Art, aus der es gelernt hat: Zahlen von Modellen mit anderen Daten sind nicht vergleichbar.</translation>
  </message>
  <message>
   <source>Model</source>
   <translation>Modell</translation>
  </message>
  <message>
   <source>Model (the engine's own choice)</source>
   <translation>Modell (was die Engine wählt)</translation>
  </message>
  <message>
   <source>Model to start from (the engine's own choice)</source>
   <translation>Modell, mit dem begonnen wird (was die Engine wählt)</translation>
  </message>
  <message>
   <source>More models</source>
   <translation>Weitere Modelle</translation>
  </message>
  <message>
   <source>More options</source>
   <translation>Weitere Optionen</translation>
  </message>
  <message>
   <source>Move corners</source>
   <translation>Ecken bewegen</translation>
  </message>
  <message>
   <source>NVIDIA graphics card (CUDA)</source>
   <translation>NVIDIA-Grafikkarte (CUDA)</translation>
  </message>
  <message>
   <source>Name</source>
   <translation>Name</translation>
  </message>
  <message>
   <source>Name chips whose tokens carry less (IoU; 0.5)</source>
   <translation>Ausschnitte nennen, deren Token weniger tragen (IoU; 0.5)</translation>
  </message>
  <message>
   <source>Name of the new model</source>
   <translation>Name des neuen Modells</translation>
  </message>
  <message>
   <source>Name of the new model (that of the set)</source>
   <translation>Name des neuen Modells (der des Satzes)</translation>
  </message>
  <message>
   <source>Native: images as they are</source>
   <translation>Nativ: Bilder, wie sie sind</translation>
  </message>
  <message>
   <source>Needs</source>
   <translation>Braucht</translation>
  </message>
  <message>
   <source>Needs its address and perhaps a token. Pixels of your layer are sent there.</source>
   <translation>Braucht seine Adresse und vielleicht ein Token. Pixel Ihres Layers werden dorthin gesendet.</translation>
  </message>
  <message>
   <source>New corners snap to those that are there, as QGIS is set to do (S)</source>
   <translation>Neue Ecken rasten an vorhandenen ein, wie QGIS eingestellt ist (S)</translation>
  </message>
  <message>
   <source>New name</source>
   <translation>Neuer Name</translation>
  </message>
  <message>
   <source>New training</source>
   <translation>Neues Training</translation>
  </message>
  <message>
   <source>No CRS: sizes count in pixels, and the result cannot become GeoJSON.</source>
   <translation>Kein KBS: Größen zählen in Pixeln, und aus dem Ergebnis kann kein GeoJSON werden.</translation>
  </message>
  <message>
   <source>No Python from 3.11 on with the module venv was found. Install one from python.org (on Debian or Ubuntu: sudo apt install python3-venv) and try again, or connect to a server.</source>
   <translation>Es wurde kein Python ab 3.11 mit dem Modul venv gefunden. Installieren Sie eines von python.org (auf Debian oder Ubuntu: sudo apt install python3-venv) und versuchen Sie es noch einmal, oder verbinden Sie sich mit einem Server.</translation>
  </message>
  <message>
   <source>No Python here has the engine. Set it up, above.</source>
   <translation>Kein Python hat hier die Engine. Richten Sie sie oben ein.</translation>
  </message>
  <message>
   <source>No limit</source>
   <translation>Keine Grenze</translation>
  </message>
  <message>
   <source>No program on this computer opens {path}.</source>
   <translation>Kein Programm auf diesem Computer öffnet {path}.</translation>
  </message>
  <message>
   <source>No water</source>
   <translation>Kein Wasser</translation>
  </message>
  <message>
   <source>No water is drawn in any chip yet.</source>
   <translation>Noch ist in keinem Ausschnitt Wasser gezeichnet.</translation>
  </message>
  <message>
   <source>No water is drawn on {layer} yet. Draw some, or choose a layer of polygons that lie on it.</source>
   <translation>Auf {layer} ist noch kein Wasser gezeichnet. Zeichnen Sie welches, oder wählen Sie einen Layer mit Polygonen, die darauf liegen.</translation>
  </message>
  <message>
   <source>None but the one that comes with waterseg</source>
   <translation>Keine außer dem, das waterseg mitbringt</translation>
  </message>
  <message>
   <source>Not finished: {title}.</source>
   <translation>Nicht fertig: {title}.</translation>
  </message>
  <message>
   <source>Not labelled yet</source>
   <translation>Noch offen</translation>
  </message>
  <message>
   <source>Not needed with a network</source>
   <translation>Mit Netz nicht nötig</translation>
  </message>
  <message>
   <source>Not set up yet.</source>
   <translation>Noch nicht eingerichtet.</translation>
  </message>
  <message>
   <source>Not stated</source>
   <translation>Nicht angegeben</translation>
  </message>
  <message>
   <source>Nothing is measured yet.</source>
   <translation>Noch ist nichts gemessen.</translation>
  </message>
  <message>
   <source>Nothing is trained.</source>
   <translation>Nichts wird trainiert.</translation>
  </message>
  <message>
   <source>Nothing new was found.</source>
   <translation>Nichts Neues gefunden.</translation>
  </message>
  <message>
   <source>Nothing to warn of so far.</source>
   <translation>Bisher nichts zu bemängeln.</translation>
  </message>
  <message>
   <source>Nothing: the wheels come from your folder</source>
   <translation>Nichts: Die Wheels kommen aus Ihrem Ordner</translation>
  </message>
  <message>
   <source>Number</source>
   <translation>Nummer</translation>
  </message>
  <message>
   <source>Number of chips</source>
   <translation>Zahl der Ausschnitte</translation>
  </message>
  <message>
   <source>Number of chips with water</source>
   <translation>Zahl der Ausschnitte mit Wasser</translation>
  </message>
  <message>
   <source>Number of images</source>
   <translation>Zahl der Bilder</translation>
  </message>
  <message>
   <source>Objects</source>
   <translation>Objekte</translation>
  </message>
  <message>
   <source>On the disk</source>
   <translation>Auf der Platte</translation>
  </message>
  <message>
   <source>One for all the water</source>
   <translation>Eines für alles Wasser</translation>
  </message>
  <message>
   <source>One per water body</source>
   <translation>Eines je Gewässer</translation>
  </message>
  <message>
   <source>One side: no overlap</source>
   <translation>Eine Seite: kein Überlappen</translation>
  </message>
  <message>
   <source>Only polygons can say where to look. Select at least one.</source>
   <translation>Nur Polygone können sagen, wo gesucht wird. Wählen Sie mindestens eines aus.</translation>
  </message>
  <message>
   <source>Only this part of the layer is searched for water.</source>
   <translation>Nur in diesem Teil des Layers wird Wasser gesucht.</translation>
  </message>
  <message>
   <source>Open folder</source>
   <translation>Ordner öffnen</translation>
  </message>
  <message>
   <source>Open log</source>
   <translation>Protokoll öffnen</translation>
  </message>
  <message>
   <source>Open preview</source>
   <translation>Vorschau öffnen</translation>
  </message>
  <message>
   <source>Opens the panel Fine-tune with this set.</source>
   <translation>Öffnet „Feinabstimmen“ mit diesem Satz.</translation>
  </message>
  <message>
   <source>Options: where the model runs</source>
   <translation>Optionen: wo das Modell läuft</translation>
  </message>
  <message>
   <source>Options…</source>
   <translation>Optionen …</translation>
  </message>
  <message>
   <source>Or click a suggestion on the map to go to it.</source>
   <translation>Oder klicken Sie einen Vorschlag auf der Karte an, um zu ihm zu gehen.</translation>
  </message>
  <message>
   <source>Overlap of tiles</source>
   <translation>Überlappung der Kacheln</translation>
  </message>
  <message>
   <source>Overlap of tiles, as a fraction (0.25)</source>
   <translation>Überlappung der Kacheln, als Anteil (0.25)</translation>
  </message>
  <message>
   <source>Packing the training set…</source>
   <translation>Der Trainingssatz wird gepackt…</translation>
  </message>
  <message>
   <source>Part of the set</source>
   <translation>Teil des Datensatzes</translation>
  </message>
  <message>
   <source>Pixel size</source>
   <translation>Pixelgröße</translation>
  </message>
  <message>
   <source>Pixels</source>
   <translation>Pixel</translation>
  </message>
  <message>
   <source>Point at a chip on the map; a click holds it.</source>
   <translation>Zeigen Sie auf einen Ausschnitt auf der Karte; ein Klick hält ihn fest.</translation>
  </message>
  <message>
   <source>Polygon</source>
   <translation>Polygon</translation>
  </message>
  <message>
   <source>Press and draw around the water; let go to close it.</source>
   <translation>Drücken Sie und fahren Sie um das Wasser; Loslassen schließt es.</translation>
  </message>
  <message>
   <source>Press and rub over what is not water.</source>
   <translation>Drücken Sie und reiben Sie über das, was kein Wasser ist.</translation>
  </message>
  <message>
   <source>Press into the water and drag: to the right for more of it, left for less.</source>
   <translation>Drücken Sie in das Wasser und ziehen Sie: nach rechts für mehr davon, nach links für weniger.</translation>
  </message>
  <message>
   <source>Probability from which a pixel is water (the model's own)</source>
   <translation>Wahrscheinlichkeit, ab der ein Pixel Wasser ist (die des Modells)</translation>
  </message>
  <message>
   <source>Problem</source>
   <translation>Problem</translation>
  </message>
  <message>
   <source>Processor (CPU)</source>
   <translation>Prozessor (CPU)</translation>
  </message>
  <message>
   <source>Prompt</source>
   <translation>Prompt</translation>
  </message>
  <message>
   <source>Prompt (segment and the labels)</source>
   <translation>Prompt (segment und die Bezeichnungen)</translation>
  </message>
  <message>
   <source>Prompt: {prompt}</source>
   <translation>Frage: {prompt}</translation>
  </message>
  <message>
   <source>Protocol</source>
   <translation>Protokoll</translation>
  </message>
  <message>
   <source>PyTorch</source>
   <translation>PyTorch</translation>
  </message>
  <message>
   <source>Python</source>
   <translation>Python</translation>
  </message>
  <message>
   <source>Rectangle</source>
   <translation>Rechteck</translation>
  </message>
  <message>
   <source>Red</source>
   <translation>Rot</translation>
  </message>
  <message>
   <source>Redo</source>
   <translation>Wiederholen</translation>
  </message>
  <message>
   <source>Redo (Ctrl+Shift+Z)</source>
   <translation>Wiederholen (Strg+Umschalt+Z)</translation>
  </message>
  <message>
   <source>Reject</source>
   <translation>Ablehnen</translation>
  </message>
  <message>
   <source>Reject all</source>
   <translation>Alle ablehnen</translation>
  </message>
  <message>
   <source>Remove the engine</source>
   <translation>Die Engine entfernen</translation>
  </message>
  <message>
   <source>Remove the environment in {folder}? Your layers and results stay.</source>
   <translation>Die Umgebung in {folder} entfernen? Ihre Layer und Ergebnisse bleiben.</translation>
  </message>
  <message>
   <source>Removes the environment that waterseg made.</source>
   <translation>Entfernt die Umgebung, die waterseg angelegt hat.</translation>
  </message>
  <message>
   <source>Remove…</source>
   <translation>Entfernen …</translation>
  </message>
  <message>
   <source>Removing waterseg's engine</source>
   <translation>Entferne die Engine von waterseg</translation>
  </message>
  <message>
   <source>Removing…</source>
   <translation>Entferne …</translation>
  </message>
  <message>
   <source>Repair…</source>
   <translation>Reparieren …</translation>
  </message>
  <message>
   <source>Report</source>
   <translation>Bericht</translation>
  </message>
  <message>
   <source>Resolution (metres per pixel; needed for WMS, WMTS and XYZ)</source>
   <translation>Auflösung (Meter je Pixel; nötig für WMS, WMTS und XYZ)</translation>
  </message>
  <message>
   <source>Result</source>
   <translation>Ergebnis</translation>
  </message>
  <message>
   <source>Resume</source>
   <translation>Fortsetzen</translation>
  </message>
  <message>
   <source>Revision of the model</source>
   <translation>Revision des Modells</translation>
  </message>
  <message>
   <source>Round pixel corners over this length (m; 0)</source>
   <translation>Pixelecken über diese Länge runden (m; 0)</translation>
  </message>
  <message>
   <source>Rounds the corners of pixels over this length, in metres. 0 keeps them.</source>
   <translation>Rundet die Ecken der Pixel über diese Länge, in Metern. Mit 0 bleiben sie.</translation>
  </message>
  <message>
   <source>Row {row}, column {col}: {what}</source>
   <translation>Zeile {row}, Spalte {col}: {what}</translation>
  </message>
  <message>
   <source>Run</source>
   <translation>Starten</translation>
  </message>
  <message>
   <source>Run anew</source>
   <translation>Neu starten</translation>
  </message>
  <message>
   <source>Runs with {path}</source>
   <translation>Läuft mit {path}</translation>
  </message>
  <message>
   <source>Same as the model</source>
   <translation>Wie das Modell</translation>
  </message>
  <message>
   <source>Save the water polygons</source>
   <translation>Die Wasserpolygone speichern</translation>
  </message>
  <message>
   <source>Save to</source>
   <translation>Speichern in</translation>
  </message>
  <message>
   <source>Says how well a model finds the water of a set, and whether another is better.</source>
   <translation>Sagt, wie gut ein Modell das Wasser eines Datensatzes findet, und ob ein anderes besser ist.</translation>
  </message>
  <message>
   <source>Search</source>
   <translation>Suchen</translation>
  </message>
  <message>
   <source>Second model to compare with (none)</source>
   <translation>Zweites Modell zum Vergleich (keines)</translation>
  </message>
  <message>
   <source>Seed of the choice of blocks and dry chips (0)</source>
   <translation>Startwert der Wahl von Blöcken und trockenen Ausschnitten (0)</translation>
  </message>
  <message>
   <source>Seeds</source>
   <translation>Startwerte</translation>
  </message>
  <message>
   <source>Seeds: train so often and keep the best</source>
   <translation>Startwerte: so oft trainieren und das beste behalten</translation>
  </message>
  <message>
   <source>Segment water</source>
   <translation>Wasser segmentieren</translation>
  </message>
  <message>
   <source>Segment water: find water in a raster layer</source>
   <translation>Wasser segmentieren: Wasser in einem Rasterlayer finden</translation>
  </message>
  <message>
   <source>Segment water…</source>
   <translation>Wasser segmentieren …</translation>
  </message>
  <message>
   <source>Select both layers and choose Swipe in their menu to see them.</source>
   <translation>Wählen Sie beide Layer aus und in ihrem Menü Wischen, um sie zu sehen.</translation>
  </message>
  <message>
   <source>Select polygons in this layer first.</source>
   <translation>Wählen Sie zuerst Polygone in diesem Layer aus.</translation>
  </message>
  <message>
   <source>Selected polygons</source>
   <translation>Ausgewählte Polygone</translation>
  </message>
  <message>
   <source>Sending the training set…</source>
   <translation>Der Trainingssatz wird gesendet…</translation>
  </message>
  <message>
   <source>Sends the set to the engine, which says what the training will take.</source>
   <translation>Sendet den Satz an die Engine, die sagt, was das Training brauchen wird.</translation>
  </message>
  <message>
   <source>Set up by another version of the plugin: repair it.</source>
   <translation>Von einer anderen Version des Plugins eingerichtet: bitte reparieren.</translation>
  </message>
  <message>
   <source>Set up in {folder}</source>
   <translation>Eingerichtet in {folder}</translation>
  </message>
  <message>
   <source>Set up on this computer…</source>
   <translation>Auf diesem Rechner einrichten …</translation>
  </message>
  <message>
   <source>Set up waterseg on this computer</source>
   <translation>waterseg auf diesem Rechner einrichten</translation>
  </message>
  <message>
   <source>Set up…</source>
   <translation>Einrichten …</translation>
  </message>
  <message>
   <source>Setting up waterseg</source>
   <translation>Richte waterseg ein</translation>
  </message>
  <message>
   <source>Shares of training, validation and test</source>
   <translation>Anteile von Training, Validierung und Test</translation>
  </message>
  <message>
   <source>Shares of training, validation and test, each made of whole blocks of land</source>
   <translation>Anteile von Training, Validierung und Test, jeder aus ganzen Blöcken von Land</translation>
  </message>
  <message>
   <source>Shoreline (m)</source>
   <translation>Uferlänge (m)</translation>
  </message>
  <message>
   <source>Show the chips on the map</source>
   <translation>Ausschnitte auf der Karte zeigen</translation>
  </message>
  <message>
   <source>Shows what is downloaded, how much and where to, before anything happens.</source>
   <translation>Zeigt, was heruntergeladen wird, wie viel und wohin, bevor etwas geschieht.</translation>
  </message>
  <message>
   <source>Side of a chip (pixels)</source>
   <translation>Seite eines Ausschnitts (Pixel)</translation>
  </message>
  <message>
   <source>Simplify</source>
   <translation>Vereinfachen</translation>
  </message>
  <message>
   <source>Simplify outlines within this distance (m; 0)</source>
   <translation>Umrisse innerhalb dieses Abstands vereinfachen (m; 0)</translation>
  </message>
  <message>
   <source>Size</source>
   <translation>Größe</translation>
  </message>
  <message>
   <source>Smaller islands become water, in square metres. 0 keeps every island.</source>
   <translation>Kleinere Inseln werden Wasser, in Quadratmetern. Mit 0 bleibt jede Insel.</translation>
  </message>
  <message>
   <source>Smaller water bodies are left out, in square metres on the ground.</source>
   <translation>Kleinere Gewässer werden weggelassen, in Quadratmetern am Boden.</translation>
  </message>
  <message>
   <source>Smaller water bodies are not suggested.</source>
   <translation>Kleinere Gewässer werden nicht vorgeschlagen.</translation>
  </message>
  <message>
   <source>Smallest island</source>
   <translation>Kleinste Insel</translation>
  </message>
  <message>
   <source>Smallest water body</source>
   <translation>Kleinstes Gewässer</translation>
  </message>
  <message>
   <source>Smooth</source>
   <translation>Glätten</translation>
  </message>
  <message>
   <source>Snapping</source>
   <translation>Einrasten</translation>
  </message>
  <message>
   <source>So many chips of dry land for each chip with water.</source>
   <translation>So viele Ausschnitte trockenen Landes je Ausschnitt mit Wasser.</translation>
  </message>
  <message>
   <source>Something unexpected went wrong: {why}. The log says more.</source>
   <translation>Etwas Unerwartetes ging schief: {why}. Das Protokoll sagt mehr.</translation>
  </message>
  <message>
   <source>Speed here</source>
   <translation>Tempo hier</translation>
  </message>
  <message>
   <source>Split</source>
   <translation>Aufteilung</translation>
  </message>
  <message>
   <source>Start</source>
   <translation>Beginnen</translation>
  </message>
  <message>
   <source>Start from</source>
   <translation>Ausgang</translation>
  </message>
  <message>
   <source>Starting the engine with {python}</source>
   <translation>Starte die Engine mit {python}</translation>
  </message>
  <message>
   <source>Starting the engine…</source>
   <translation>Starte die Engine …</translation>
  </message>
  <message>
   <source>Starting…</source>
   <translation>Starte …</translation>
  </message>
  <message>
   <source>Step</source>
   <translation>Schritt</translation>
  </message>
  <message>
   <source>Step {step} of {steps}</source>
   <translation>Schritt {step} von {steps}</translation>
  </message>
  <message>
   <source>Step {step}: loss {loss}</source>
   <translation>Schritt {step}: Verlust {loss}</translation>
  </message>
  <message>
   <source>Stop after this epoch</source>
   <translation>Nach Epoche aufhören</translation>
  </message>
  <message>
   <source>Stop now</source>
   <translation>Jetzt aufhören</translation>
  </message>
  <message>
   <source>Stop now. What is finished is kept, and you can resume.</source>
   <translation>Jetzt anhalten. Was fertig ist, bleibt, und Sie können fortsetzen.</translation>
  </message>
  <message>
   <source>Stopped before there was a model</source>
   <translation>Angehalten, bevor es ein Modell gab</translation>
  </message>
  <message>
   <source>Stopped. {title}</source>
   <translation>Angehalten. {title}</translation>
  </message>
  <message>
   <source>Stopping…</source>
   <translation>Wird angehalten…</translation>
  </message>
  <message>
   <source>Stops at once. The best model so far is kept, and you can resume.</source>
   <translation>Hört sofort auf. Das beste Modell bisher bleibt, und Sie können fortsetzen.</translation>
  </message>
  <message>
   <source>Suggest</source>
   <translation>Vorschläge</translation>
  </message>
  <message>
   <source>Suggest water</source>
   <translation>Wasser vorschlagen</translation>
  </message>
  <message>
   <source>Suggest water in the labelled area</source>
   <translation>Wasser im fertigen Gebiet vorschlagen</translation>
  </message>
  <message>
   <source>Suggested</source>
   <translation>Vorgeschlagen</translation>
  </message>
  <message>
   <source>Suggestions</source>
   <translation>Vorschläge</translation>
  </message>
  <message>
   <source>Sure (70 % and more)</source>
   <translation>Sicher (70 % und mehr)</translation>
  </message>
  <message>
   <source>Swipe</source>
   <translation>Wischen</translation>
  </message>
  <message>
   <source>Take</source>
   <translation>Nehmen</translation>
  </message>
  <message>
   <source>Temporary file</source>
   <translation>Temporäre Datei</translation>
  </message>
  <message>
   <source>Test</source>
   <translation>Testen</translation>
  </message>
  <message>
   <source>Test, else validation</source>
   <translation>Test, sonst Validierung</translation>
  </message>
  <message>
   <source>The GeoPackage that gets the water polygons. Left empty, it is a temporary file, which is gone when QGIS ends.</source>
   <translation>Das GeoPackage, das die Wasserpolygone bekommt. Bleibt es leer, ist es eine temporäre Datei, die mit QGIS verschwindet.</translation>
  </message>
  <message>
   <source>The Python that runs the engine. Left empty, it is the environment that waterseg made. Another one must have the package waterseg-core.</source>
   <translation>Das Python, das die Engine ausführt. Bleibt es leer, ist es die Umgebung, die waterseg angelegt hat. Ein anderes muss das Paket waterseg-core haben.</translation>
  </message>
  <message>
   <source>The address that whoever runs the server told you.</source>
   <translation>Die Adresse, die Ihnen nannte, wer den Server betreibt.</translation>
  </message>
  <message>
   <source>The area has {pixels:,} pixels; the engine takes at most {most:,}. Choose a smaller area or larger pixels.</source>
   <translation>Das Gebiet hat {pixels:,} Pixel; die Engine nimmt höchstens {most:,}. Wählen Sie ein kleineres Gebiet oder größere Pixel.</translation>
  </message>
  <message>
   <source>The chosen area cannot be found in the layer {layer}: {why}</source>
   <translation>Das gewählte Gebiet ist im Layer {layer} nicht zu finden: {why}</translation>
  </message>
  <message>
   <source>The chosen area lies outside the layer. Choose another area.</source>
   <translation>Das gewählte Gebiet liegt außerhalb des Layers. Wählen Sie ein anderes.</translation>
  </message>
  <message>
   <source>The chosen polygons lie outside the chosen area.</source>
   <translation>Die gewählten Polygone liegen außerhalb des gewählten Gebiets.</translation>
  </message>
  <message>
   <source>The comparison was cancelled.</source>
   <translation>Der Vergleich wurde abgebrochen.</translation>
  </message>
  <message>
   <source>The curves come with the first steps.</source>
   <translation>Die Kurven kommen mit den ersten Schritten.</translation>
  </message>
  <message>
   <source>The disk is full. Make room and try again.</source>
   <translation>Die Platte ist voll. Schaffen Sie Platz und versuchen Sie es noch einmal.</translation>
  </message>
  <message>
   <source>The download does not come through. Check the network and QGIS's proxy (Settings, Options, Network), or give a folder of wheels in the options.</source>
   <translation>Das Herunterladen gelingt nicht. Prüfen Sie das Netz und den Proxy von QGIS (Einstellungen, Optionen, Netzwerk), oder nennen Sie in den Optionen einen Ordner mit Wheels.</translation>
  </message>
  <message>
   <source>The download is not trusted: something between here and the internet changes its certificates. Add your company's certificate in QGIS (Settings, Options, Authentication).</source>
   <translation>Dem Herunterladen wird nicht vertraut: Etwas zwischen hier und dem Internet ändert die Zertifikate. Fügen Sie das Zertifikat Ihrer Firma in QGIS hinzu (Einstellungen, Optionen, Authentifizierung).</translation>
  </message>
  <message>
   <source>The engine could not be set up: {why}</source>
   <translation>Die Engine konnte nicht eingerichtet werden: {why}</translation>
  </message>
  <message>
   <source>The engine did not start: {python} said nothing. Choose or make another Python environment in the options of waterseg.</source>
   <translation>Die Engine startete nicht: {python} sagte nichts. Wählen oder erstellen Sie in den Optionen von waterseg eine andere Python-Umgebung.</translation>
  </message>
  <message>
   <source>The engine does not have this run any more.</source>
   <translation>Die Engine hat diesen Lauf nicht mehr.</translation>
  </message>
  <message>
   <source>The engine does not have this run any more; it starts anew.</source>
   <translation>Die Engine hat diesen Lauf nicht mehr; er beginnt neu.</translation>
  </message>
  <message>
   <source>The engine gave up on the run.</source>
   <translation>Die Engine hat den Lauf aufgegeben.</translation>
  </message>
  <message>
   <source>The engine is set up. You can close this window and press Run.</source>
   <translation>Die Engine ist eingerichtet. Sie können dieses Fenster schließen und auf Starten drücken.</translation>
  </message>
  <message>
   <source>The engine on this computer</source>
   <translation>Die Engine auf diesem Rechner</translation>
  </message>
  <message>
   <source>The engine on this computer stopped: {words}</source>
   <translation>Die Engine auf diesem Rechner hat aufgehört: {words}</translation>
  </message>
  <message>
   <source>The engine on this computer was killed: by another program, or because there was not enough memory.</source>
   <translation>Die Engine auf diesem Rechner wurde beendet: von einem anderen Programm, oder weil der Speicher nicht reichte.</translation>
  </message>
  <message>
   <source>The engine waits for the training set…</source>
   <translation>Die Engine wartet auf den Trainingssatz…</translation>
  </message>
  <message>
   <source>The engine was set up by another version of the plugin. Open the options of waterseg and repair it, so that both are the same again.</source>
   <translation>Die Engine wurde von einer anderen Version des Plugins eingerichtet. Öffnen Sie die Einstellungen von waterseg und reparieren Sie sie, damit beide wieder zusammenpassen.</translation>
  </message>
  <message>
   <source>The engine was stopped.</source>
   <translation>Die Engine wurde angehalten.</translation>
  </message>
  <message>
   <source>The environment that waterseg made</source>
   <translation>Die Umgebung, die waterseg angelegt hat</translation>
  </message>
  <message>
   <source>The evaluation ended without a result.</source>
   <translation>Die Auswertung endete ohne Ergebnis.</translation>
  </message>
  <message>
   <source>The field that says what each polygon is, for sets of several kinds of water.</source>
   <translation>Das Feld, das sagt, was jedes Polygon ist, für Sätze mit mehreren Arten von Wasser.</translation>
  </message>
  <message>
   <source>The folder in which the folder of the set is made</source>
   <translation>Der Ordner, in dem der Ordner des Satzes entsteht</translation>
  </message>
  <message>
   <source>The folder of a training set</source>
   <translation>Der Ordner eines Trainingssatzes</translation>
  </message>
  <message>
   <source>The folder of the engine may not be written. Choose another one in the options.</source>
   <translation>In den Ordner der Engine darf nicht geschrieben werden. Wählen Sie in den Optionen einen anderen.</translation>
  </message>
  <message>
   <source>The folder {folder} cannot be written. Choose another one.</source>
   <translation>In den Ordner {folder} kann nicht geschrieben werden. Wählen Sie einen anderen.</translation>
  </message>
  <message>
   <source>The highest rate. Too high a one forgets, too low a one learns nothing.</source>
   <translation>Die höchste Rate. Eine zu hohe vergisst, eine zu niedrige lernt nichts.</translation>
  </message>
  <message>
   <source>The image in which water is looked for.</source>
   <translation>Das Bild, in dem Wasser gesucht wird.</translation>
  </message>
  <message>
   <source>The image on which water is drawn.</source>
   <translation>Das Bild, auf dem Wasser gezeichnet wird.</translation>
  </message>
  <message>
   <source>The image, and its chips</source>
   <translation>Das Bild und seine Ausschnitte</translation>
  </message>
  <message>
   <source>The layer of drawn water: a new one, or any polygon layer of yours.</source>
   <translation>Der Layer des gezeichneten Wassers: ein neuer, oder irgendein Polygonlayer von Ihnen.</translation>
  </message>
  <message>
   <source>The layer's bands hold complex numbers or colours, which have no value as such.</source>
   <translation>Die Bänder des Layers enthalten komplexe Zahlen oder Farben, die als solche keinen Wert haben.</translation>
  </message>
  <message>
   <source>The model looks for water that you have not drawn yet. Suggestions are hatched on the map, and count only once you accept them. Correct one with any tool of the step Draw: that accepts it.</source>
   <translation>Das Modell sucht Wasser, das Sie noch nicht gezeichnet haben. Vorschläge sind auf der Karte schraffiert und zählen erst, wenn Sie sie annehmen. Verbessern Sie einen mit einem Werkzeug des Schrittes Zeichnen: Damit ist er angenommen.</translation>
  </message>
  <message>
   <source>The model that comes with waterseg</source>
   <translation>Das Modell, das waterseg mitbringt</translation>
  </message>
  <message>
   <source>The model that finds water runs in a program of its own, the engine, so that QGIS stays quick and safe. It is not set up yet: it can run on this computer, or on a server of your team.</source>
   <translation>Das Modell, das Wasser findet, läuft in einem eigenen Programm, der Engine, damit QGIS schnell und sicher bleibt. Sie ist noch nicht eingerichtet: Sie kann auf diesem Rechner laufen oder auf einem Server Ihres Teams.</translation>
  </message>
  <message>
   <source>The model that finds water runs in the engine, a program of its own, so that QGIS stays quick and safe.</source>
   <translation>Das Modell, das Wasser findet, läuft in der Engine, einem eigenen Programm, damit QGIS schnell und sicher bleibt.</translation>
  </message>
  <message>
   <source>The model that looks for water. Larger ones see more and need a GPU.</source>
   <translation>Das Modell, das Wasser sucht. Größere sehen mehr und brauchen eine GPU.</translation>
  </message>
  <message>
   <source>The model to start from. It stays as it is.</source>
   <translation>Das Modell, mit dem begonnen wird. Es bleibt, wie es ist.</translation>
  </message>
  <message>
   <source>The model's own</source>
   <translation>Die des Modells</translation>
  </message>
  <message>
   <source>The next one</source>
   <translation>Der nächste</translation>
  </message>
  <message>
   <source>The one before</source>
   <translation>Der vorige</translation>
  </message>
  <message>
   <source>The polygon layer in which you have selected what is to be searched.</source>
   <translation>Der Polygonlayer, in dem Sie ausgewählt haben, was durchsucht wird.</translation>
  </message>
  <message>
   <source>The proxy does not accept the user and the password, or wants some. Set them in QGIS (Settings, Options, Network).</source>
   <translation>Der Proxy nimmt Benutzer und Passwort nicht an oder verlangt welche. Geben Sie sie in QGIS ein (Einstellungen, Optionen, Netzwerk).</translation>
  </message>
  <message>
   <source>The proxy does not let the download through. Check it in QGIS (Settings, Options, Network).</source>
   <translation>Der Proxy lässt das Herunterladen nicht durch. Prüfen Sie ihn in QGIS (Einstellungen, Optionen, Netzwerk).</translation>
  </message>
  <message>
   <source>The proxy forbids the download. Ask whoever runs it to allow download.pytorch.org, pypi.org and files.pythonhosted.org, or give a folder of wheels in the options.</source>
   <translation>Der Proxy verbietet das Herunterladen. Bitten Sie seinen Betreiber, download.pytorch.org, pypi.org und files.pythonhosted.org zu erlauben, oder geben Sie in den Optionen einen Ordner mit Wheels an.</translation>
  </message>
  <message>
   <source>The proxy {proxy} does not accept the user and the password, or wants some. Set them in QGIS (Settings, Options, Network).</source>
   <translation>Der Proxy {proxy} nimmt Benutzer und Passwort nicht an oder verlangt welche. Geben Sie sie in QGIS ein (Einstellungen, Optionen, Netzwerk).</translation>
  </message>
  <message>
   <source>The report is on the clipboard.</source>
   <translation>Der Bericht ist in der Zwischenablage.</translation>
  </message>
  <message>
   <source>The result {path} cannot be opened.</source>
   <translation>Das Ergebnis {path} lässt sich nicht öffnen.</translation>
  </message>
  <message>
   <source>The run was taken off the task list.</source>
   <translation>Der Lauf wurde von der Aufgabenliste genommen.</translation>
  </message>
  <message>
   <source>The server {address}</source>
   <translation>Der Server {address}</translation>
  </message>
  <message>
   <source>The server's address {url!r} is not complete. It looks like https://gpu.example.org:8470; set it in the options of waterseg.</source>
   <translation>Die Adresse {url!r} des Servers ist nicht vollständig. Sie sieht aus wie https://gpu.example.org:8470; setzen Sie sie in den Optionen von waterseg.</translation>
  </message>
  <message>
   <source>The side of a chip, in pixels of the image.</source>
   <translation>Die Seite eines Ausschnitts, in Pixeln des Bildes.</translation>
  </message>
  <message>
   <source>The text that a model learns to answer for this chip.</source>
   <translation>Der Text, den ein Modell zu diesem Ausschnitt zu antworten lernt.</translation>
  </message>
  <message>
   <source>The training begins.</source>
   <translation>Das Training beginnt.</translation>
  </message>
  <message>
   <source>The training ended without a model.</source>
   <translation>Das Training endete ohne Modell.</translation>
  </message>
  <message>
   <source>The training failed</source>
   <translation>Das Training ist gescheitert</translation>
  </message>
  <message>
   <source>The training is planned for so many minutes at most, and stops early by itself.</source>
   <translation>Das Training wird für höchstens so viele Minuten geplant und hört von selbst früher auf.</translation>
  </message>
  <message>
   <source>The training of {name} is stopped.</source>
   <translation>Das Training von {name} ist angehalten.</translation>
  </message>
  <message>
   <source>The training set cannot be packed: {path}: {why}</source>
   <translation>Der Trainingssatz kann nicht gepackt werden: {path}: {why}</translation>
  </message>
  <message>
   <source>The training set has no chips yet.</source>
   <translation>Der Trainingssatz hat noch keine Ausschnitte.</translation>
  </message>
  <message>
   <source>The training set has not arrived yet: it was cut off on its way.</source>
   <translation>Der Trainingssatz ist noch nicht angekommen: Das Senden wurde unterbrochen.</translation>
  </message>
  <message>
   <source>The virus scanner stopped the installation. Allow the folder of the engine in it.</source>
   <translation>Der Virenscanner hat die Installation angehalten. Erlauben Sie in ihm den Ordner der Engine.</translation>
  </message>
  <message>
   <source>There is a training set in {folder} already. Choose another folder.</source>
   <translation>In {folder} ist schon ein Trainingssatz. Wählen Sie einen anderen Ordner.</translation>
  </message>
  <message>
   <source>There is no band {band}: the layer has {count}.</source>
   <translation>Es gibt kein Band {band}: Der Layer hat {count}.</translation>
  </message>
  <message>
   <source>There is no folder of wheels {folder}.</source>
   <translation>Es gibt keinen Ordner {folder} mit Wheels.</translation>
  </message>
  <message>
   <source>There is no folder {folder}; choose another output.</source>
   <translation>Es gibt keinen Ordner {folder}; wählen Sie eine andere Ausgabe.</translation>
  </message>
  <message>
   <source>There is no image here: click into the water on it.</source>
   <translation>Hier ist kein Bild: Klicken Sie in das Wasser darauf.</translation>
  </message>
  <message>
   <source>There is no package of PyTorch or of another library for this Python and computer. Use Python 3.11 to 3.13 on 64 bits.</source>
   <translation>Es gibt kein Paket von PyTorch oder einer anderen Bibliothek für dieses Python und diesen Rechner. Nehmen Sie Python 3.11 bis 3.13 mit 64 Bit.</translation>
  </message>
  <message>
   <source>There is no polygon layer in the project.</source>
   <translation>Im Projekt ist kein Polygonlayer.</translation>
  </message>
  <message>
   <source>There is no server yet: give its address in the options of waterseg.</source>
   <translation>Es gibt noch keinen Server: Nennen Sie seine Adresse in den Optionen von waterseg.</translation>
  </message>
  <message>
   <source>There is no training set in {folder}.</source>
   <translation>In {folder} ist kein Trainingssatz.</translation>
  </message>
  <message>
   <source>There is no water in this chip: it is labelled, though nothing is drawn.</source>
   <translation>In diesem Ausschnitt ist kein Wasser: Er ist fertig, obwohl nichts gezeichnet ist.</translation>
  </message>
  <message>
   <source>There is not enough room: {folder} needs {need:.1f} GB, and {free:.1f} GB are free. Make room, or choose another folder.</source>
   <translation>Der Platz reicht nicht: {folder} braucht {need:.1f} GB, und {free:.1f} GB sind frei. Schaffen Sie Platz, oder wählen Sie einen anderen Ordner.</translation>
  </message>
  <message>
   <source>This Python lacks the module venv. On Debian or Ubuntu: sudo apt install python3-venv.</source>
   <translation>Diesem Python fehlt das Modul venv. Auf Debian oder Ubuntu: sudo apt install python3-venv.</translation>
  </message>
  <message>
   <source>This area lies outside the layer.</source>
   <translation>Dieses Gebiet liegt außerhalb des Layers.</translation>
  </message>
  <message>
   <source>This chip is in the set, whatever the ratio of dry ones says.</source>
   <translation>Dieser Ausschnitt kommt in den Satz, was immer der Anteil der trockenen sagt.</translation>
  </message>
  <message>
   <source>This chip is not in the set.</source>
   <translation>Dieser Ausschnitt kommt nicht in den Satz.</translation>
  </message>
  <message>
   <source>This computer</source>
   <translation>Dieser Rechner</translation>
  </message>
  <message>
   <source>This copy of the plugin has no engine in it. Install the plugin from the zip that make package builds, or choose a Python in which waterseg is installed.</source>
   <translation>Dieses Exemplar der Erweiterung enthält keine Engine. Installieren Sie die Erweiterung aus dem Zip, das make package baut, oder wählen Sie ein Python, in dem waterseg installiert ist.</translation>
  </message>
  <message>
   <source>This engine does not train models: it is not allowed there, or too old.</source>
   <translation>Diese Engine trainiert keine Modelle: Es ist dort nicht erlaubt, oder sie ist zu alt.</translation>
  </message>
  <message>
   <source>This is not water (R)</source>
   <translation>Das ist kein Wasser (R)</translation>
  </message>
  <message>
   <source>This is water as it is (A)</source>
   <translation>Das ist Wasser, so wie es ist (A)</translation>
  </message>
  <message>
   <source>This is what it will take:</source>
   <translation>Das wird es brauchen:</translation>
  </message>
  <message>
   <source>This layer cannot be read.</source>
   <translation>Dieser Layer lässt sich nicht lesen.</translation>
  </message>
  <message>
   <source>This layer has no pixels of its own: the size of a pixel in which it is looked at.</source>
   <translation>Dieser Layer hat keine eigenen Pixel: die Größe eines Pixels, in der er angesehen wird.</translation>
  </message>
  <message>
   <source>Threshold</source>
   <translation>Schwelle</translation>
  </message>
  <message>
   <source>Threshold (0 to 1)</source>
   <translation>Schwelle (0 bis 1)</translation>
  </message>
  <message>
   <source>Time limit</source>
   <translation>Zeitgrenze</translation>
  </message>
  <message>
   <source>Time limit (minutes; 0 for none)</source>
   <translation>Zeitgrenze (Minuten; 0 für keine)</translation>
  </message>
  <message>
   <source>Tokens in a grid</source>
   <translation>Token in einem Gitter</translation>
  </message>
  <message>
   <source>Tolerance</source>
   <translation>Toleranz</translation>
  </message>
  <message>
   <source>Tolerance {number}</source>
   <translation>Toleranz {number}</translation>
  </message>
  <message>
   <source>Train</source>
   <translation>Trainieren</translation>
  </message>
  <message>
   <source>Train so many times from different seeds, within the same time, and keep the best on the validation chips.</source>
   <translation>So oft mit verschiedenen Startwerten trainieren, in derselben Zeit, und das beste auf den Validierungs-Ausschnitten behalten.</translation>
  </message>
  <message>
   <source>Trained from</source>
   <translation>Trainiert aus</translation>
  </message>
  <message>
   <source>Trained from {base}</source>
   <translation>Trainiert aus {base}</translation>
  </message>
  <message>
   <source>Trained from {base} on {data}</source>
   <translation>Trainiert aus {base} mit {data}</translation>
  </message>
  <message>
   <source>Trained on</source>
   <translation>Trainiert mit</translation>
  </message>
  <message>
   <source>Trained on {data}</source>
   <translation>Trainiert mit {data}</translation>
  </message>
  <message>
   <source>Training</source>
   <translation>Training</translation>
  </message>
  <message>
   <source>Training set</source>
   <translation>Trainingssatz</translation>
  </message>
  <message>
   <source>Training set for {name}</source>
   <translation>Trainingssatz für {name}</translation>
  </message>
  <message>
   <source>Training set of {layer}</source>
   <translation>Trainingssatz aus {layer}</translation>
  </message>
  <message>
   <source>Trains a model on a training set, and says whether it is better</source>
   <translation>Trainiert ein Modell mit einem Trainingssatz und sagt, ob es besser ist</translation>
  </message>
  <message>
   <source>Trains a model on a training set, and says whether it is better.</source>
   <translation>Trainiert ein Modell mit einem Trainingssatz und sagt, ob es besser ist.</translation>
  </message>
  <message>
   <source>Trains a model on a training set, as Build training set writes it. The new model has a name of its own; the one that it starts from stays as it is.

On the way the model is measured on the set's validation chips, and the best one is kept. At the end one sentence says whether it is better than the one before. Then it can be chosen as a model in Segment water.

The training runs in the engine, on this computer or on a server. Watch the curves, and stop or resume a training, in the panel Fine-tune.</source>
   <translation>Trainiert ein Modell mit einem Trainingssatz, wie ihn „Trainingssatz erstellen“ schreibt. Das neue Modell hat einen eigenen Namen; das, mit dem begonnen wird, bleibt, wie es ist.

Unterwegs wird das Modell auf den Validierungs-Ausschnitten gemessen, und das beste bleibt. Am Ende sagt ein Satz, ob es besser ist als das vorige. Dann kann es in „Wasser segmentieren“ gewählt werden.

Das Training läuft in der Engine, auf diesem Computer oder auf einem Server. Die Kurven zeigt „Feinabstimmen“; dort lässt sich ein Training anhalten und fortsetzen.</translation>
  </message>
  <message>
   <source>Try again</source>
   <translation>Noch einmal</translation>
  </message>
  <message>
   <source>Trying it</source>
   <translation>Probiere sie aus</translation>
  </message>
  <message>
   <source>Turns an image and drawn water into chips and texts that a model learns from.</source>
   <translation>Macht aus einem Bild und gezeichnetem Wasser Ausschnitte und Texte, aus denen ein Modell lernt.</translation>
  </message>
  <message>
   <source>Turns drawn water into chips and texts that a model learns from</source>
   <translation>Macht aus gezeichnetem Wasser Ausschnitte und Texte, aus denen ein Modell lernt</translation>
  </message>
  <message>
   <source>Two models are being compared already. Wait, or cancel that.</source>
   <translation>Es werden schon zwei Modelle verglichen. Warten Sie, oder brechen Sie das ab.</translation>
  </message>
  <message>
   <source>Under which licence the image and your drawing may be used.</source>
   <translation>Unter welcher Lizenz das Bild und Ihre Zeichnung verwendet werden dürfen.</translation>
  </message>
  <message>
   <source>Undo</source>
   <translation>Rückgängig</translation>
  </message>
  <message>
   <source>Undo (Ctrl+Z)</source>
   <translation>Rückgängig (Strg+Z)</translation>
  </message>
  <message>
   <source>Unpacking…</source>
   <translation>Wird ausgepackt…</translation>
  </message>
  <message>
   <source>Use it all the same</source>
   <translation>Trotzdem verwenden</translation>
  </message>
  <message>
   <source>Use the colours that QGIS draws instead of the values</source>
   <translation>Die Farben, die QGIS zeichnet, statt der Werte nehmen</translation>
  </message>
  <message>
   <source>Use this model</source>
   <translation>Dieses Modell verwenden</translation>
  </message>
  <message>
   <source>Validation</source>
   <translation>Validierung</translation>
  </message>
  <message>
   <source>Validation IoU {iou} after step {step}.</source>
   <translation>IoU der Validierung {iou} nach Schritt {step}.</translation>
  </message>
  <message>
   <source>Validation chips: the image, what is drawn, what the model says</source>
   <translation>Ausschnitte der Validierung: das Bild, was gezeichnet ist, was das Modell sagt</translation>
  </message>
  <message>
   <source>Value without data: auto, none, or a number (auto)</source>
   <translation>Wert ohne Daten: auto, none oder eine Zahl (auto)</translation>
  </message>
  <message>
   <source>Values of bands are read from the file, and one contrast is worked out for the whole area. Colours as on the map are what your layer style shows.</source>
   <translation>Werte der Bänder werden aus der Datei gelesen, und für das ganze Gebiet wird ein Kontrast bestimmt. Farben wie auf der Karte sind, was der Stil Ihres Layers zeigt.</translation>
  </message>
  <message>
   <source>Values of these bands</source>
   <translation>Werte dieser Bänder</translation>
  </message>
  <message>
   <source>Warnings</source>
   <translation>Warnungen</translation>
  </message>
  <message>
   <source>Water</source>
   <translation>Wasser</translation>
  </message>
  <message>
   <source>Water found by waterseg.</source>
   <translation>Wasser, gefunden von waterseg.</translation>
  </message>
  <message>
   <source>Water in {layer}</source>
   <translation>Wasser in {layer}</translation>
  </message>
  <message>
   <source>What came of it</source>
   <translation>Was dabei herauskam</translation>
  </message>
  <message>
   <source>What drawn water is called; several kinds as in 'lake ; river'.</source>
   <translation>Wie gezeichnetes Wasser heißt; mehrere Arten wie in 'lake ; river'.</translation>
  </message>
  <message>
   <source>What it is</source>
   <translation>Was es ist</translation>
  </message>
  <message>
   <source>What the model will be asked, in English.</source>
   <translation>Was das Modell gefragt wird, auf Englisch.</translation>
  </message>
  <message>
   <source>What the new model is called in lists: letters, digits, - _ .</source>
   <translation>Wie das neue Modell in Listen heißt: Buchstaben, Ziffern, - _ .</translation>
  </message>
  <message>
   <source>What the tokens can say</source>
   <translation>Was die Token sagen können</translation>
  </message>
  <message>
   <source>What the tokens say</source>
   <translation>Was die Token sagen</translation>
  </message>
  <message>
   <source>What the water is called ('lake ; river' for several)</source>
   <translation>Wie das Wasser heißt ('lake ; river' für mehrere)</translation>
  </message>
  <message>
   <source>What this computer has cannot be found out: {why}</source>
   <translation>Was dieser Rechner hat, ist nicht herauszufinden: {why}</translation>
  </message>
  <message>
   <source>What to look for</source>
   <translation>Wonach gesucht wird</translation>
  </message>
  <message>
   <source>What to look for, in English, as the model learned it. Several things with ' ; ' between them, as in 'segment lake ; river'.</source>
   <translation>Wonach gesucht wird, auf Englisch, wie das Modell es gelernt hat. Mehreres mit ' ; ' dazwischen, wie in 'segment lake ; river'.</translation>
  </message>
  <message>
   <source>What was drawn on {layer} could not be saved: {why}</source>
   <translation>Was auf {layer} gezeichnet wurde, konnte nicht gespeichert werden: {why}</translation>
  </message>
  <message>
   <source>What you draw is called so.</source>
   <translation>So heißt, was Sie zeichnen.</translation>
  </message>
  <message>
   <source>Wheel folder</source>
   <translation>Wheel-Ordner</translation>
  </message>
  <message>
   <source>Where all water is drawn. Outside, nothing is taken for dry land.</source>
   <translation>Wo alles Wasser gezeichnet ist. Außerhalb gilt nichts als trockenes Land.</translation>
  </message>
  <message>
   <source>Where everything is labelled (the whole image)</source>
   <translation>Wo alles gezeichnet ist (das ganze Bild)</translation>
  </message>
  <message>
   <source>Where the model computes. Automatic takes the fastest there is.</source>
   <translation>Wo das Modell rechnet. Automatisch nimmt das Schnellste, das da ist.</translation>
  </message>
  <message>
   <source>Where the model runs</source>
   <translation>Wo das Modell läuft</translation>
  </message>
  <message>
   <source>Whether it is better</source>
   <translation>Ob es besser ist</translation>
  </message>
  <message>
   <source>Whole layer</source>
   <translation>Ganzer Layer</translation>
  </message>
  <message>
   <source>Windows lacks the Visual C++ runtime. Install "Microsoft Visual C++ Redistributable" and try again.</source>
   <translation>Windows fehlt die Visual-C++-Laufzeit. Installieren Sie "Microsoft Visual C++ Redistributable" und versuchen Sie es noch einmal.</translation>
  </message>
  <message>
   <source>Working the chips out…</source>
   <translation>Ausschnitte werden berechnet…</translation>
  </message>
  <message>
   <source>Write</source>
   <translation>Schreiben</translation>
  </message>
  <message>
   <source>Write anew</source>
   <translation>Neu schreiben</translation>
  </message>
  <message>
   <source>Write one with Build training set.</source>
   <translation>Schreiben Sie einen mit „Trainingssatz erstellen“.</translation>
  </message>
  <message>
   <source>Write the polygons as GeoJSON in longitude and latitude (RFC 7946).</source>
   <translation>Die Polygone als GeoJSON in Länge und Breite schreiben (RFC 7946).</translation>
  </message>
  <message>
   <source>Write the training set</source>
   <translation>Den Trainingssatz schreiben</translation>
  </message>
  <message>
   <source>Writing the new model…</source>
   <translation>Das neue Modell wird geschrieben…</translation>
  </message>
  <message>
   <source>Writing the result…</source>
   <translation>Schreibe das Ergebnis …</translation>
  </message>
  <message>
   <source>Written: {summary}.</source>
   <translation>Geschrieben: {summary}.</translation>
  </message>
  <message>
   <source>Your own</source>
   <translation>Ihre eigenen</translation>
  </message>
  <message>
   <source>Zoom to the result</source>
   <translation>Auf das Ergebnis zoomen</translation>
  </message>
  <message>
   <source>a GPU with {size} GB</source>
   <translation>eine GPU mit {size} GB</translation>
  </message>
  <message>
   <source>about {size}</source>
   <translation>etwa {size}</translation>
  </message>
  <message>
   <source>about {size}, {free} are free</source>
   <translation>etwa {size}, {free} sind frei</translation>
  </message>
  <message>
   <source>about {time}</source>
   <translation>etwa {time}</translation>
  </message>
  <message>
   <source>any computer</source>
   <translation>jeder Computer</translation>
  </message>
  <message>
   <source>before</source>
   <translation>vorher</translation>
  </message>
  <message>
   <source>chosen in the options</source>
   <translation>in den Optionen gewählt</translation>
  </message>
  <message>
   <source>epoch {epoch}</source>
   <translation>Epoche {epoch}</translation>
  </message>
  <message>
   <source>for NVIDIA graphics cards</source>
   <translation>für NVIDIA-Grafikkarten</translation>
  </message>
  <message>
   <source>for the processor (CPU)</source>
   <translation>für den Prozessor (CPU)</translation>
  </message>
  <message>
   <source>it does not answer</source>
   <translation>er antwortet nicht</translation>
  </message>
  <message>
   <source>min</source>
   <translation>min</translation>
  </message>
  <message>
   <source>m²</source>
   <translation>m²</translation>
  </message>
  <message>
   <source>needs {device}</source>
   <translation>braucht {device}</translation>
  </message>
  <message>
   <source>no NVIDIA graphics card was found</source>
   <translation>keine NVIDIA-Grafikkarte gefunden</translation>
  </message>
  <message>
   <source>no better than the model before</source>
   <translation>nicht besser als das Modell davor</translation>
  </message>
  <message>
   <source>none</source>
   <translation>keine</translation>
  </message>
  <message>
   <source>not ready</source>
   <translation>nicht bereit</translation>
  </message>
  <message>
   <source>of another version</source>
   <translation>von einer anderen Version</translation>
  </message>
  <message>
   <source>pip cannot go through a SOCKS5 proxy. Set an HTTP proxy in QGIS (Settings, Options, Network), or give a folder of wheels in the options.</source>
   <translation>pip kann nicht durch einen SOCKS5-Proxy gehen. Stellen Sie in QGIS einen HTTP-Proxy ein (Einstellungen, Optionen, Netzwerk) oder geben Sie in den Optionen einen Ordner mit Wheels an.</translation>
  </message>
  <message>
   <source>seed {seed}</source>
   <translation>Startwert {seed}</translation>
  </message>
  <message>
   <source>starting the engine…</source>
   <translation>starte die Engine …</translation>
  </message>
  <message>
   <source>stops after this epoch</source>
   <translation>hört nach dieser Epoche auf</translation>
  </message>
  <message>
   <source>the driver of the NVIDIA graphics card does not answer</source>
   <translation>der Treiber der NVIDIA-Grafikkarte antwortet nicht</translation>
  </message>
  <message>
   <source>the tokens carry IoU {iou}</source>
   <translation>die Token tragen IoU {iou}</translation>
  </message>
  <message>
   <source>there is no {name} in it</source>
   <translation>{name} ist nicht darin</translation>
  </message>
  <message>
   <source>water,evaluation,accuracy,IoU,F1,test,compare,model,report</source>
   <translation>Wasser,Auswertung,Genauigkeit,IoU,F1,Test,Vergleich,Modell,Bericht</translation>
  </message>
  <message>
   <source>water,lake,river,polygon,vectorize,segmentation,satellite,deep learning</source>
   <translation>Wasser,See,Fluss,Polygon,vektorisieren,Segmentierung,Satellit,Deep Learning</translation>
  </message>
  <message>
   <source>water,training,dataset,labels,masks,chips,PaliGemma,fine-tune</source>
   <translation>Wasser,Training,Datensatz,Bezeichnungen,Masken,Ausschnitte,PaliGemma,Feinabstimmung</translation>
  </message>
  <message>
   <source>water,training,fine-tune,model,learn,PaliGemma,deep learning</source>
   <translation>Wasser,Training,Feinabstimmung,Modell,lernen,PaliGemma,Deep Learning</translation>
  </message>
  <message>
   <source>waterseg has no engine on this computer yet. Set it up, or connect to a server, in the options of waterseg.</source>
   <translation>waterseg hat auf diesem Rechner noch keine Engine. Richten Sie sie ein, oder verbinden Sie sich mit einem Server, in den Optionen von waterseg.</translation>
  </message>
  <message>
   <source>waterseg has no engine yet. Set it up, or connect to a server, in Settings, Options, waterseg.</source>
   <translation>waterseg hat noch keine Engine. Richten Sie sie ein, oder verbinden Sie sich mit einem Server: Einstellungen, Optionen, waterseg.</translation>
  </message>
  <message>
   <source>waterseg has no engine yet. Set it up, or connect to a server.</source>
   <translation>waterseg hat noch keine Engine. Richten Sie sie ein, oder verbinden Sie sich mit einem Server.</translation>
  </message>
  <message>
   <source>waterseg needs a Python environment of its own. It goes into one folder; neither QGIS nor the Python of this computer is changed, and Remove in the options deletes it again.</source>
   <translation>waterseg braucht eine eigene Python-Umgebung. Sie kommt in einen Ordner; weder QGIS noch das Python dieses Rechners wird geändert, und Entfernen in den Optionen löscht sie wieder.</translation>
  </message>
  <message>
   <source>waterseg {version} answers. Device: {device}. Models: {models}.</source>
   <translation>waterseg {version} antwortet. Gerät: {device}. Modelle: {models}.</translation>
  </message>
  <message>
   <source>waterseg {version} on {device}</source>
   <translation>waterseg {version} auf {device}</translation>
  </message>
  <message>
   <source>{best}; before {iou}</source>
   <translation>{best}; vorher {iou}</translation>
  </message>
  <message>
   <source>{billions} billion parameters</source>
   <translation>{billions} Milliarden Parameter</translation>
  </message>
  <message>
   <source>{blank} of {all} pictures of {layer} were blank: there it is not known whether there is water.</source>
   <translation>{blank} von {all} Bildern von {layer} waren leer: Dort ist nicht bekannt, ob es Wasser gibt.</translation>
  </message>
  <message>
   <source>{bodies}, {area:,.2f} km²</source>
   <translation>{bodies}, {area:,.2f} km²</translation>
  </message>
  <message>
   <source>{chips}, {wet} with water</source>
   <translation>{chips}, {wet} mit Wasser</translation>
  </message>
  <message>
   <source>{chips}: {wet} with water, {dry} dry</source>
   <translation>{chips}: {wet} mit Wasser, {dry} trocken</translation>
  </message>
  <message>
   <source>{days} days</source>
   <translation>{days} Tage</translation>
  </message>
  <message>
   <source>{done} of {total} chips</source>
   <translation>{done} von {total} Ausschnitten</translation>
  </message>
  <message>
   <source>{done} of {total} tiles</source>
   <translation>{done} von {total} Kacheln</translation>
  </message>
  <message>
   <source>{engine} answered something that waterseg does not understand. Is it a waterseg server?</source>
   <translation>{engine} hat etwas geantwortet, das waterseg nicht versteht. Ist das ein waterseg-Server?</translation>
  </message>
  <message>
   <source>{engine} answered with HTTP status {status} and no word from waterseg. Check the address of the server and what stands between.</source>
   <translation>{engine} hat mit dem HTTP-Status {status} geantwortet und ohne ein Wort von waterseg. Prüfen Sie die Adresse des Servers und was dazwischen steht.</translation>
  </message>
  <message>
   <source>{engine} broke off in the middle of an answer.</source>
   <translation>{engine} hat mitten in einer Antwort abgebrochen.</translation>
  </message>
  <message>
   <source>{engine} does not accept the token. Choose the right authentication in the options of waterseg.</source>
   <translation>{engine} nimmt das Token nicht an. Wählen Sie in den Optionen von waterseg die richtige Authentifizierung.</translation>
  </message>
  <message>
   <source>{engine} does not answer within {seconds} seconds.</source>
   <translation>{engine} antwortet nicht innerhalb von {seconds} Sekunden.</translation>
  </message>
  <message>
   <source>{engine} is busy.</source>
   <translation>{engine} ist beschäftigt.</translation>
  </message>
  <message>
   <source>{engine} is not running any more.</source>
   <translation>{engine} läuft nicht mehr.</translation>
  </message>
  <message>
   <source>{engine} refused with HTTP status {status}.</source>
   <translation>{engine} hat mit dem HTTP-Status {status} abgelehnt.</translation>
  </message>
  <message>
   <source>{engine} runs waterseg {version}, which speaks protocol {theirs}; this plugin speaks protocol {ours}. Update the older of the two.</source>
   <translation>{engine} hat waterseg {version}, das Protokoll {theirs} spricht; diese Erweiterung spricht Protokoll {ours}. Aktualisieren Sie, was von beiden älter ist.</translation>
  </message>
  <message>
   <source>{folder} is in use and cannot be removed. Close other QGIS windows first.</source>
   <translation>{folder} wird benutzt und kann nicht entfernt werden. Schließen Sie zuerst andere QGIS-Fenster.</translation>
  </message>
  <message>
   <source>{folder} is not a whole training set.</source>
   <translation>{folder} ist kein ganzer Trainingssatz.</translation>
  </message>
  <message>
   <source>{folder} is not empty. Choose a new folder for the training set.</source>
   <translation>{folder} ist nicht leer. Wählen Sie einen neuen Ordner für den Trainingssatz.</translation>
  </message>
  <message>
   <source>{folder} is removed.</source>
   <translation>{folder} ist entfernt.</translation>
  </message>
  <message>
   <source>{folder} was not made by waterseg, so it is left alone. Choose another folder for the engine.</source>
   <translation>{folder} wurde nicht von waterseg angelegt und bleibt deshalb unberührt. Wählen Sie einen anderen Ordner für die Engine.</translation>
  </message>
  <message>
   <source>{found} found.</source>
   <translation>{found} gefunden.</translation>
  </message>
  <message>
   <source>{hours} h</source>
   <translation>{hours} h</translation>
  </message>
  <message>
   <source>{hours} h {minutes} min</source>
   <translation>{hours} h {minutes} min</translation>
  </message>
  <message>
   <source>{layer} (so far)</source>
   <translation>{layer} (bisher)</translation>
  </message>
  <message>
   <source>{layer} cannot be changed. Is its file read-only?</source>
   <translation>{layer} kann nicht geändert werden. Ist die Datei schreibgeschützt?</translation>
  </message>
  <message>
   <source>{layer} cannot be drawn.</source>
   <translation>{layer} lässt sich nicht zeichnen.</translation>
  </message>
  <message>
   <source>{layer} cannot be opened: its file is gone or its server does not answer.</source>
   <translation>{layer} lässt sich nicht öffnen: Seine Datei ist weg, oder sein Server antwortet nicht.</translation>
  </message>
  <message>
   <source>{layer} cannot be read. Its file may be damaged, incomplete or out of reach.</source>
   <translation>{layer} lässt sich nicht lesen. Seine Datei ist vielleicht beschädigt, unvollständig oder nicht erreichbar.</translation>
  </message>
  <message>
   <source>{layer} gave no picture of this area: its server does not answer, or has none at this place and resolution. {trouble}</source>
   <translation>{layer} gab kein Bild von diesem Gebiet: Sein Server antwortet nicht, oder er hat an diesem Ort und in dieser Auflösung keines. {trouble}</translation>
  </message>
  <message>
   <source>{layer} has changed since the run began, so it cannot go on. Start it anew.</source>
   <translation>{layer} hat sich geändert, seit der Lauf begann; deshalb kann er nicht weitergehen. Starten Sie ihn neu.</translation>
  </message>
  <message>
   <source>{layer} has no CRS, and GeoJSON needs a place on Earth. Give the layer its CRS first.</source>
   <translation>{layer} hat kein KBS, und GeoJSON braucht einen Ort auf der Erde. Geben Sie dem Layer zuerst sein KBS.</translation>
  </message>
  <message>
   <source>{layer} has no field {field}; choose another one for the labels.</source>
   <translation>{layer} hat kein Feld {field}; wählen Sie ein anderes für die Bezeichnungen.</translation>
  </message>
  <message>
   <source>{layer} has no pixels of its own: say how many metres a pixel shall be.</source>
   <translation>{layer} hat keine eigenen Pixel: Sagen Sie, wie viele Meter ein Pixel haben soll.</translation>
  </message>
  <message>
   <source>{layer} has no place for suggestions. In the step Draw, draw into a new GeoPackage.</source>
   <translation>{layer} hat keinen Platz für Vorschläge. Zeichnen Sie im Schritt Zeichnen in ein neues GeoPackage.</translation>
  </message>
  <message>
   <source>{layer} has no polygons: water is drawn as polygons.</source>
   <translation>{layer} hat keine Polygone: Wasser wird als Polygon gezeichnet.</translation>
  </message>
  <message>
   <source>{layer}: water so far</source>
   <translation>{layer}: Wasser bisher</translation>
  </message>
  <message>
   <source>{layer}: {done} of {total} tiles</source>
   <translation>{layer}: {done} von {total} Kacheln</translation>
  </message>
  <message>
   <source>{millions} million parameters</source>
   <translation>{millions} Millionen Parameter</translation>
  </message>
  <message>
   <source>{minutes} min</source>
   <translation>{minutes} min</translation>
  </message>
  <message>
   <source>{model} cannot be compared with itself: choose two models.</source>
   <translation>{model} kann nicht mit sich selbst verglichen werden: Wählen Sie zwei Modelle.</translation>
  </message>
  <message>
   <source>{model} is ready</source>
   <translation>{model} ist fertig</translation>
  </message>
  <message>
   <source>{model} looks for water: {done} of {total} tiles</source>
   <translation>{model} sucht Wasser: {done} von {total} Kacheln</translation>
  </message>
  <message>
   <source>{model} looks for water…</source>
   <translation>{model} sucht Wasser…</translation>
  </message>
  <message>
   <source>{model}: IoU {before} → {after}</source>
   <translation>{model}: IoU {before} → {after}</translation>
  </message>
  <message>
   <source>{model}: water in {layer}</source>
   <translation>{model}: Wasser in {layer}</translation>
  </message>
  <message>
   <source>{model}: {bodies}.</source>
   <translation>{model}: {bodies}.</translation>
  </message>
  <message>
   <source>{name!r} is no name for a model: take letters from a to z, digits, '-', '_' and '.', {most} at most, a letter or digit first.</source>
   <translation>{name!r} ist kein Name für ein Modell: Nehmen Sie Buchstaben von a bis z, Ziffern, '-', '_' und '.', höchstens {most}, zuerst einen Buchstaben oder eine Ziffer.</translation>
  </message>
  <message>
   <source>{name} is not finished yet: resume it, or write another one.</source>
   <translation>{name} ist noch nicht fertig: Setzen Sie ihn fort, oder schreiben Sie einen anderen.</translation>
  </message>
  <message>
   <source>{name} is trained, but not better: see the panel.</source>
   <translation>{name} ist trainiert, aber nicht besser: siehe Bedienfeld.</translation>
  </message>
  <message>
   <source>{name} is trained: see the panel.</source>
   <translation>{name} ist trainiert: siehe Bedienfeld.</translation>
  </message>
  <message>
   <source>{path} cannot be written: {why}</source>
   <translation>{path} kann nicht geschrieben werden: {why}</translation>
  </message>
  <message>
   <source>{path} cannot be written: {why}. Resume the run to try again.</source>
   <translation>{path} lässt sich nicht schreiben: {why}. Setzen Sie den Lauf fort, um es noch einmal zu versuchen.</translation>
  </message>
  <message>
   <source>{path} is not there any more. Was the training set moved or deleted?</source>
   <translation>{path} ist nicht mehr da. Wurde der Trainingssatz verschoben oder gelöscht?</translation>
  </message>
  <message>
   <source>{path} is there already and has no labels in it. Choose another file.</source>
   <translation>{path} gibt es schon, ohne gezeichnetes Wasser darin. Wählen Sie eine andere Datei.</translation>
  </message>
  <message>
   <source>{path} must end in .gpkg, .geojson, .fgb or .parquet.</source>
   <translation>{path} muss auf .gpkg, .geojson, .fgb oder .parquet enden.</translation>
  </message>
  <message>
   <source>{percent} % sure</source>
   <translation>zu {percent} % sicher</translation>
  </message>
  <message>
   <source>{place} of {count}</source>
   <translation>{place} von {count}</translation>
  </message>
  <message>
   <source>{polygons}, in {path}</source>
   <translation>{polygons}, in {path}</translation>
  </message>
  <message>
   <source>{program} failed: {words}</source>
   <translation>{program} ist gescheitert: {words}</translation>
  </message>
  <message>
   <source>{python} cannot be started: {why}</source>
   <translation>{python} lässt sich nicht starten: {why}</translation>
  </message>
  <message>
   <source>{seconds} s</source>
   <translation>{seconds} s</translation>
  </message>
  <message>
   <source>{seconds} s per tile</source>
   <translation>{seconds} s je Kachel</translation>
  </message>
  <message>
   <source>{server} cannot be reached through the proxy {proxy}: {why}. Check the proxy in QGIS (Settings, Options, Network).</source>
   <translation>{server} ist durch den Proxy {proxy} nicht erreichbar: {why}. Prüfen Sie den Proxy in QGIS (Einstellungen, Optionen, Netzwerk).</translation>
  </message>
  <message>
   <source>{server} cannot be reached: {why}.</source>
   <translation>{server} ist nicht erreichbar: {why}.</translation>
  </message>
  <message>
   <source>{server} is not trusted: {why}. If an authority of your own signed its certificate, add that one in QGIS (Settings, Options, Authentication).</source>
   <translation>{server} ist nicht vertrauenswürdig: {why}. Hat eine eigene Zertifizierungsstelle das Zertifikat ausgestellt, fügen Sie deren Zertifikat in QGIS hinzu (Einstellungen, Optionen, Authentifizierung).</translation>
  </message>
  <message>
   <source>{text} is no split: write three whole numbers, as in 80,10,10.</source>
   <translation>{text} ist keine Aufteilung: Schreiben Sie drei ganze Zahlen, wie in 80,10,10.</translation>
  </message>
  <message>
   <source>{time} left</source>
   <translation>noch {time}</translation>
  </message>
  <message>
   <source>{why} Trying again…</source>
   <translation>{why} Versuche es noch einmal …</translation>
  </message>
  <message>
   <source>{why} What is finished is kept: resume the run when it is back.</source>
   <translation>{why} Was fertig ist, bleibt: Setzen Sie den Lauf fort, wenn sie wieder da ist.</translation>
  </message>
 </context>
</TS>
