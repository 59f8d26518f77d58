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
   <source>%n pieces of water</source>
   <translation>
    <numerusform>%n Stück Wasser</numerusform>
    <numerusform>%n Stücke Wasser</numerusform>
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
   <source>A folder of Python wheels, for a computer without a network: set up and repair take every package from there.</source>
   <translation>Ein Ordner mit Python-Wheels, für einen Rechner ohne Netz: Einrichten und Reparieren nehmen jedes Paket von dort.</translation>
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
   <source>Another QGIS is just setting up {folder}. Wait until it is done.</source>
   <translation>Ein anderes QGIS richtet {folder} gerade ein. Warten Sie, bis es fertig ist.</translation>
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
   <source>Bands</source>
   <translation>Bänder</translation>
  </message>
  <message>
   <source>Bands that are red, green and blue, or one (as the layer shows)</source>
   <translation>Bänder für Rot, Grün und Blau, oder eines (wie der Layer zeigt)</translation>
  </message>
  <message>
   <source>Blue</source>
   <translation>Blau</translation>
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
   <source>Choose a raster layer.</source>
   <translation>Wählen Sie einen Rasterlayer.</translation>
  </message>
  <message>
   <source>Choose a raster layer: waterseg looks at pixels.</source>
   <translation>Wählen Sie einen Rasterlayer: waterseg sieht Pixel an.</translation>
  </message>
  <message>
   <source>Choose one band, or three for red, green and blue.</source>
   <translation>Wählen Sie ein Band, oder drei für Rot, Grün und Blau.</translation>
  </message>
  <message>
   <source>Colours as on the map</source>
   <translation>Farben wie auf der Karte</translation>
  </message>
  <message>
   <source>Commands</source>
   <translation>Befehle</translation>
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
   <source>Copy diagnostics</source>
   <translation>Diagnose kopieren</translation>
  </message>
  <message>
   <source>Device</source>
   <translation>Gerät</translation>
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
   <source>Draw a rectangle on the map.</source>
   <translation>Zeichnen Sie ein Rechteck auf die Karte.</translation>
  </message>
  <message>
   <source>Draw…</source>
   <translation>Zeichnen …</translation>
  </message>
  <message>
   <source>Engine</source>
   <translation>Engine</translation>
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
   <source>Folder</source>
   <translation>Ordner</translation>
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
   <source>Forget the unfinished run</source>
   <translation>Den unfertigen Lauf vergessen</translation>
  </message>
  <message>
   <source>Found: choose one from the list.</source>
   <translation>Gefunden: Wählen Sie aus der Liste.</translation>
  </message>
  <message>
   <source>From which probability a pixel is water. Lower finds more water, and more that is none.</source>
   <translation>Ab welcher Wahrscheinlichkeit ein Pixel Wasser ist. Niedriger findet mehr Wasser, und mehr, das keines ist.</translation>
  </message>
  <message>
   <source>GeoPackage</source>
   <translation>GeoPackage</translation>
  </message>
  <message>
   <source>Go on where the run stopped, with its own options.</source>
   <translation>Dort weitermachen, wo der Lauf aufgehört hat, mit seinen eigenen Optionen.</translation>
  </message>
  <message>
   <source>Green</source>
   <translation>Grün</translation>
  </message>
  <message>
   <source>How much neighbouring tiles share. More is slower and finds a little more.</source>
   <translation>Wie viel benachbarte Kacheln gemeinsam haben. Mehr ist langsamer und findet etwas mehr.</translation>
  </message>
  <message>
   <source>Image</source>
   <translation>Bild</translation>
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
   <source>IoU {value} on held-out images</source>
   <translation>IoU {value} auf zurückgehaltenen Bildern</translation>
  </message>
  <message>
   <source>Islands</source>
   <translation>Inseln</translation>
  </message>
  <message>
   <source>Joining the polygons…</source>
   <translation>Füge die Polygone zusammen …</translation>
  </message>
  <message>
   <source>Layer</source>
   <translation>Layer</translation>
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
   <source>Made (UTC)</source>
   <translation>Erstellt (UTC)</translation>
  </message>
  <message>
   <source>Made by waterseg on {date}.</source>
   <translation>Erstellt von waterseg am {date}.</translation>
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
   <source>May go on beyond the image</source>
   <translation>Reicht vielleicht über das Bild hinaus</translation>
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
   <source>More models</source>
   <translation>Weitere Modelle</translation>
  </message>
  <message>
   <source>More options</source>
   <translation>Weitere Optionen</translation>
  </message>
  <message>
   <source>NVIDIA graphics card (CUDA)</source>
   <translation>NVIDIA-Grafikkarte (CUDA)</translation>
  </message>
  <message>
   <source>Needs its address and perhaps a token. Pixels of your layer are sent there.</source>
   <translation>Braucht seine Adresse und vielleicht ein Token. Pixel Ihres Layers werden dorthin gesendet.</translation>
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
   <source>None but the one that comes with waterseg</source>
   <translation>Keine außer dem, das waterseg mitbringt</translation>
  </message>
  <message>
   <source>Not finished: {title}.</source>
   <translation>Nicht fertig: {title}.</translation>
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
   <source>Nothing: the wheels come from your folder</source>
   <translation>Nichts: Die Wheels kommen aus Ihrem Ordner</translation>
  </message>
  <message>
   <source>Number</source>
   <translation>Nummer</translation>
  </message>
  <message>
   <source>On the disk</source>
   <translation>Auf der Platte</translation>
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
   <source>Open log</source>
   <translation>Protokoll öffnen</translation>
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
   <source>Overlap of tiles</source>
   <translation>Überlappung der Kacheln</translation>
  </message>
  <message>
   <source>Overlap of tiles, as a fraction (0.25)</source>
   <translation>Überlappung der Kacheln, als Anteil (0.25)</translation>
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
   <source>Probability from which a pixel is water (the model's own)</source>
   <translation>Wahrscheinlichkeit, ab der ein Pixel Wasser ist (die des Modells)</translation>
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
   <source>Resolution (metres per pixel; needed for WMS, WMTS and XYZ)</source>
   <translation>Auflösung (Meter je Pixel; nötig für WMS, WMTS und XYZ)</translation>
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
   <source>Save the water polygons</source>
   <translation>Die Wasserpolygone speichern</translation>
  </message>
  <message>
   <source>Save to</source>
   <translation>Speichern in</translation>
  </message>
  <message>
   <source>Search</source>
   <translation>Suchen</translation>
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
   <source>Select polygons in this layer first.</source>
   <translation>Wählen Sie zuerst Polygone in diesem Layer aus.</translation>
  </message>
  <message>
   <source>Selected polygons</source>
   <translation>Ausgewählte Polygone</translation>
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
   <source>Shoreline (m)</source>
   <translation>Uferlänge (m)</translation>
  </message>
  <message>
   <source>Shows what is downloaded, how much and where to, before anything happens.</source>
   <translation>Zeigt, was heruntergeladen wird, wie viel und wohin, bevor etwas geschieht.</translation>
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
   <source>Smaller islands become water, in square metres. 0 keeps every island.</source>
   <translation>Kleinere Inseln werden Wasser, in Quadratmetern. Mit 0 bleibt jede Insel.</translation>
  </message>
  <message>
   <source>Smaller water bodies are left out, in square metres on the ground.</source>
   <translation>Kleinere Gewässer werden weggelassen, in Quadratmetern am Boden.</translation>
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
   <source>Something unexpected went wrong: {why}. The log says more.</source>
   <translation>Etwas Unerwartetes ging schief: {why}. Das Protokoll sagt mehr.</translation>
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
   <source>Stop now. What is finished is kept, and you can resume.</source>
   <translation>Jetzt anhalten. Was fertig ist, bleibt, und Sie können fortsetzen.</translation>
  </message>
  <message>
   <source>Sure (70 % and more)</source>
   <translation>Sicher (70 % und mehr)</translation>
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
   <source>The disk is full. Make room and try again.</source>
   <translation>Die Platte ist voll. Schaffen Sie Platz und versuchen Sie es noch einmal.</translation>
  </message>
  <message>
   <source>The download does not come through. Check the network, or give a folder of wheels in the options.</source>
   <translation>Das Herunterladen gelingt nicht. Prüfen Sie das Netz, oder nennen Sie in den Optionen einen Ordner mit Wheels.</translation>
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
   <source>The folder of the engine may not be written. Choose another one in the options.</source>
   <translation>In den Ordner der Engine darf nicht geschrieben werden. Wählen Sie in den Optionen einen anderen.</translation>
  </message>
  <message>
   <source>The image in which water is looked for.</source>
   <translation>Das Bild, in dem Wasser gesucht wird.</translation>
  </message>
  <message>
   <source>The layer's bands hold complex numbers or colours, which have no value as such.</source>
   <translation>Die Bänder des Layers enthalten komplexe Zahlen oder Farben, die als solche keinen Wert haben.</translation>
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
   <source>The model's own</source>
   <translation>Die des Modells</translation>
  </message>
  <message>
   <source>The polygon layer in which you have selected what is to be searched.</source>
   <translation>Der Polygonlayer, in dem Sie ausgewählt haben, was durchsucht wird.</translation>
  </message>
  <message>
   <source>The proxy does not let the download through. Check it in QGIS (Settings, Options, Network).</source>
   <translation>Der Proxy lässt das Herunterladen nicht durch. Prüfen Sie ihn in QGIS (Einstellungen, Optionen, Netzwerk).</translation>
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
   <source>The virus scanner stopped the installation. Allow the folder of the engine in it.</source>
   <translation>Der Virenscanner hat die Installation angehalten. Erlauben Sie in ihm den Ordner der Engine.</translation>
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
   <source>This computer</source>
   <translation>Dieser Rechner</translation>
  </message>
  <message>
   <source>This copy of the plugin has no engine in it. Install the plugin from the zip that make package builds, or choose a Python in which waterseg is installed.</source>
   <translation>Dieses Exemplar der Erweiterung enthält keine Engine. Installieren Sie die Erweiterung aus dem Zip, das make package baut, oder wählen Sie ein Python, in dem waterseg installiert ist.</translation>
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
   <source>Try again</source>
   <translation>Noch einmal</translation>
  </message>
  <message>
   <source>Trying it</source>
   <translation>Probiere sie aus</translation>
  </message>
  <message>
   <source>Use the colours that QGIS draws instead of the values</source>
   <translation>Die Farben, die QGIS zeichnet, statt der Werte nehmen</translation>
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
   <source>What it is</source>
   <translation>Was es ist</translation>
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
   <source>Wheel folder</source>
   <translation>Wheel-Ordner</translation>
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
   <source>Whole layer</source>
   <translation>Ganzer Layer</translation>
  </message>
  <message>
   <source>Windows lacks the Visual C++ runtime. Install "Microsoft Visual C++ Redistributable" and try again.</source>
   <translation>Windows fehlt die Visual-C++-Laufzeit. Installieren Sie "Microsoft Visual C++ Redistributable" und versuchen Sie es noch einmal.</translation>
  </message>
  <message>
   <source>Write the polygons as GeoJSON in longitude and latitude (RFC 7946).</source>
   <translation>Die Polygone als GeoJSON in Länge und Breite schreiben (RFC 7946).</translation>
  </message>
  <message>
   <source>Writing the result…</source>
   <translation>Schreibe das Ergebnis …</translation>
  </message>
  <message>
   <source>Zoom to the result</source>
   <translation>Auf das Ergebnis zoomen</translation>
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
   <source>chosen in the options</source>
   <translation>in den Optionen gewählt</translation>
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
   <source>m²</source>
   <translation>m²</translation>
  </message>
  <message>
   <source>no NVIDIA graphics card was found</source>
   <translation>keine NVIDIA-Grafikkarte gefunden</translation>
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
   <source>starting the engine…</source>
   <translation>starte die Engine …</translation>
  </message>
  <message>
   <source>the driver of the NVIDIA graphics card does not answer</source>
   <translation>der Treiber der NVIDIA-Grafikkarte antwortet nicht</translation>
  </message>
  <message>
   <source>water,lake,river,polygon,vectorize,segmentation,satellite,deep learning</source>
   <translation>Wasser,See,Fluss,Polygon,vektorisieren,Segmentierung,Satellit,Deep Learning</translation>
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
   <source>{blank} of {all} pictures of {layer} were blank: there it is not known whether there is water.</source>
   <translation>{blank} von {all} Bildern von {layer} waren leer: Dort ist nicht bekannt, ob es Wasser gibt.</translation>
  </message>
  <message>
   <source>{bodies}, {area:,.2f} km²</source>
   <translation>{bodies}, {area:,.2f} km²</translation>
  </message>
  <message>
   <source>{days} days</source>
   <translation>{days} Tage</translation>
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
   <source>{layer} has no pixels of its own: say how many metres a pixel shall be.</source>
   <translation>{layer} hat keine eigenen Pixel: Sagen Sie, wie viele Meter ein Pixel haben soll.</translation>
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
   <source>{path} cannot be written: {why}</source>
   <translation>{path} lässt sich nicht schreiben: {why}</translation>
  </message>
  <message>
   <source>{path} cannot be written: {why}. Resume the run to try again.</source>
   <translation>{path} lässt sich nicht schreiben: {why}. Setzen Sie den Lauf fort, um es noch einmal zu versuchen.</translation>
  </message>
  <message>
   <source>{path} must end in .gpkg, .geojson, .fgb or .parquet.</source>
   <translation>{path} muss auf .gpkg, .geojson, .fgb oder .parquet enden.</translation>
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
   <source>{server} cannot be reached: {why}.</source>
   <translation>{server} ist nicht erreichbar: {why}.</translation>
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
