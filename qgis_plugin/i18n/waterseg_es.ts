<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="es" sourcelanguage="en">
 <context>
  <name>waterseg</name>
  <message>
   <source> m per pixel</source>
   <translation> m por píxel</translation>
  </message>
  <message numerus="yes">
   <source>%n chips</source>
   <translation>
    <numerusform>%n recorte</numerusform>
    <numerusform>%n recortes</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n chips, none with water</source>
   <translation>
    <numerusform>%n recorte, sin agua</numerusform>
    <numerusform>%n recortes, ninguno con agua</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n new suggestions</source>
   <translation>
    <numerusform>%n sugerencia nueva</numerusform>
    <numerusform>%n sugerencias nuevas</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n not labelled yet</source>
   <translation>
    <numerusform>%n aún sin etiquetar</numerusform>
    <numerusform>%n aún sin etiquetar</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n objects</source>
   <translation>
    <numerusform>%n objeto</numerusform>
    <numerusform>%n objetos</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n pieces of water</source>
   <translation>
    <numerusform>%n trozo de agua</numerusform>
    <numerusform>%n trozos de agua</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n polygons drawn</source>
   <translation>
    <numerusform>%n polígono dibujado</numerusform>
    <numerusform>%n polígonos dibujados</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n selected polygons</source>
   <translation>
    <numerusform>%n polígono seleccionado</numerusform>
    <numerusform>%n polígonos seleccionados</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n suggestions are not decided; they do not count.</source>
   <translation>
    <numerusform>%n sugerencia está sin decidir; no cuenta.</numerusform>
    <numerusform>%n sugerencias están sin decidir; no cuentan.</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n tiles</source>
   <translation>
    <numerusform>%n tesela</numerusform>
    <numerusform>%n teselas</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n water bodies</source>
   <translation>
    <numerusform>%n masa de agua</numerusform>
    <numerusform>%n masas de agua</numerusform>
   </translation>
  </message>
  <message>
   <source>1000 m²</source>
   <translation>1000 m²</translation>
  </message>
  <message>
   <source>256: images and masks of 256 pixels, as U-Nets are published</source>
   <translation>256: imágenes y máscaras de 256 píxeles, como se publican las U-Net</translation>
  </message>
  <message>
   <source>A folder of Python wheels, for a computer without a network: set up and repair take every package from there.</source>
   <translation>Una carpeta con wheels de Python, para un equipo sin red: instalar y reparar toman de ahí todos los paquetes.</translation>
  </message>
  <message>
   <source>A folder that Build training set wrote, or waterseg dataset.</source>
   <translation>Una carpeta escrita por «Crear conjunto de entrenamiento» o por waterseg dataset.</translation>
  </message>
  <message>
   <source>A new layer when you draw</source>
   <translation>Una capa nueva al dibujar</translation>
  </message>
  <message>
   <source>A new run: {estimate}</source>
   <translation>Una ejecución nueva: {estimate}</translation>
  </message>
  <message>
   <source>A policy of this computer forbids programs in this folder. Ask whoever runs it, or connect to a server.</source>
   <translation>Una directiva de este equipo prohíbe programas en esta carpeta. Pregunte a quien lo administra o conéctese a un servidor.</translation>
  </message>
  <message>
   <source>A server</source>
   <translation>Un servidor</translation>
  </message>
  <message>
   <source>Accept</source>
   <translation>Aceptar</translation>
  </message>
  <message>
   <source>Accept suggestions</source>
   <translation>Aceptar sugerencias</translation>
  </message>
  <message>
   <source>Accept sure ones</source>
   <translation>Aceptar las seguras</translation>
  </message>
  <message>
   <source>Access</source>
   <translation>Acceso</translation>
  </message>
  <message>
   <source>Add an image to the project: Layer, Add Layer, Add Raster Layer.</source>
   <translation>Añada una imagen al proyecto: Capa, Añadir capa, Añadir capa ráster.</translation>
  </message>
  <message>
   <source>Address</source>
   <translation>Dirección</translation>
  </message>
  <message>
   <source>After step {step}: IoU {iou}, pooled {pooled}</source>
   <translation>Tras el paso {step}: IoU {iou}, conjunto {pooled}</translation>
  </message>
  <message>
   <source>All chips with water were checked: nothing to warn of.</source>
   <translation>Se revisaron todos los recortes con agua: nada que advertir.</translation>
  </message>
  <message>
   <source>All of which the model is at least 70 % sure</source>
   <translation>Todas aquellas de las que el modelo está seguro al menos al 70 %</translation>
  </message>
  <message>
   <source>All that are left</source>
   <translation>Todas las que quedan</translation>
  </message>
  <message>
   <source>Also judge how the model answers in tokens (slower)</source>
   <translation>Juzgar también cómo responde el modelo en tokens (más lento)</translation>
  </message>
  <message>
   <source>Another QGIS is just setting up {folder}. Wait until it is done.</source>
   <translation>Otro QGIS está preparando {folder} en este momento. Espere a que termine.</translation>
  </message>
  <message>
   <source>Answer</source>
   <translation>Respuesta</translation>
  </message>
  <message>
   <source>Apple graphics (MPS)</source>
   <translation>Gráficos de Apple (MPS)</translation>
  </message>
  <message>
   <source>Area</source>
   <translation>Zona</translation>
  </message>
  <message>
   <source>Area (all of the layer)</source>
   <translation>Zona (toda la capa)</translation>
  </message>
  <message>
   <source>Area (m²)</source>
   <translation>Superficie (m²)</translation>
  </message>
  <message>
   <source>Asking the engine of waterseg</source>
   <translation>Preguntando al motor de waterseg</translation>
  </message>
  <message>
   <source>Asking…</source>
   <translation>Preguntando…</translation>
  </message>
  <message>
   <source>Asks the engine for its model, device and version.</source>
   <translation>Pregunta al motor por su modelo, dispositivo y versión.</translation>
  </message>
  <message>
   <source>Automatic</source>
   <translation>Automático</translation>
  </message>
  <message>
   <source>Back to the form. A model that was made stays; a stopped training is forgotten.</source>
   <translation>Volver al formulario. Un modelo ya hecho se queda; un entrenamiento detenido se olvida.</translation>
  </message>
  <message>
   <source>Bands</source>
   <translation>Bandas</translation>
  </message>
  <message>
   <source>Bands that are red, green and blue, or one (as the layer shows)</source>
   <translation>Bandas para rojo, verde y azul, o una sola (como muestra la capa)</translation>
  </message>
  <message>
   <source>Before: IoU {iou}</source>
   <translation>Antes: IoU {iou}</translation>
  </message>
  <message>
   <source>Before: IoU {iou}, pooled {pooled}</source>
   <translation>Antes: IoU {iou}, conjunto {pooled}</translation>
  </message>
  <message>
   <source>Best for the tokens</source>
   <translation>Lo mejor para los tokens</translation>
  </message>
  <message>
   <source>Best so far: IoU {iou}, after step {step}</source>
   <translation>Lo mejor hasta ahora: IoU {iou}, tras el paso {step}</translation>
  </message>
  <message>
   <source>Blue</source>
   <translation>Azul</translation>
  </message>
  <message>
   <source>Both models look for water in what the map shows; two layers lie side by side.</source>
   <translation>Ambos modelos buscan agua en lo que muestra el mapa; dos capas para comparar.</translation>
  </message>
  <message>
   <source>Boxes and tokens</source>
   <translation>Cajas y tokens</translation>
  </message>
  <message>
   <source>Build training set</source>
   <translation>Crear conjunto de entrenamiento</translation>
  </message>
  <message>
   <source>Build training set: draw water, and teach a model with it</source>
   <translation>Crear conjunto de entrenamiento: dibujar agua y enseñar con ella a un modelo</translation>
  </message>
  <message>
   <source>By the recipe</source>
   <translation>Según la receta</translation>
  </message>
  <message>
   <source>Cancel</source>
   <translation>Cancelar</translation>
  </message>
  <message>
   <source>Cancelled while the engine was starting.</source>
   <translation>Cancelado mientras arrancaba el motor.</translation>
  </message>
  <message>
   <source>Cancelled.</source>
   <translation>Cancelado.</translation>
  </message>
  <message>
   <source>Cancelled. Nothing was left behind.</source>
   <translation>Cancelado. No ha quedado nada.</translation>
  </message>
  <message>
   <source>Cancelled. Resume the run to go on where it stopped.</source>
   <translation>Cancelado. Reanude la ejecución para seguir donde se detuvo.</translation>
  </message>
  <message>
   <source>Cancelling…</source>
   <translation>Cancelando…</translation>
  </message>
  <message>
   <source>Check</source>
   <translation>Revisar</translation>
  </message>
  <message>
   <source>Check all chips</source>
   <translation>Revisar todos los recortes</translation>
  </message>
  <message>
   <source>Chip</source>
   <translation>Recorte</translation>
  </message>
  <message>
   <source>Chip at row {row}, column {col}</source>
   <translation>Recorte en fila {row}, columna {col}</translation>
  </message>
  <message>
   <source>Chips</source>
   <translation>Recortes</translation>
  </message>
  <message>
   <source>Chips that I draw in or mark</source>
   <translation>Dibujados o marcados</translation>
  </message>
  <message>
   <source>Choose a raster layer.</source>
   <translation>Elija una capa ráster.</translation>
  </message>
  <message>
   <source>Choose a raster layer: waterseg looks at pixels.</source>
   <translation>Elija una capa ráster: waterseg mira píxeles.</translation>
  </message>
  <message>
   <source>Choose a tool, then draw on the map. Every stroke is saved at once.</source>
   <translation>Elija una herramienta y dibuje en el mapa. Cada trazo se guarda al instante.</translation>
  </message>
  <message>
   <source>Choose a training set.</source>
   <translation>Elija un conjunto de entrenamiento.</translation>
  </message>
  <message>
   <source>Choose one band, or three for red, green and blue.</source>
   <translation>Elija una banda, o tres para rojo, verde y azul.</translation>
  </message>
  <message>
   <source>Choose one of these, then click chips on the map; again undoes it.</source>
   <translation>Elija una de estas y pulse recortes en el mapa; otra vez lo deshace.</translation>
  </message>
  <message>
   <source>Choose the folder into which the training set goes.</source>
   <translation>Elija la carpeta a la que va el conjunto de entrenamiento.</translation>
  </message>
  <message>
   <source>Choose the folder of a training set.</source>
   <translation>Elija la carpeta de un conjunto de entrenamiento.</translation>
  </message>
  <message>
   <source>Choose the layer with the drawn water.</source>
   <translation>Elija la capa con el agua dibujada.</translation>
  </message>
  <message>
   <source>Chooses it in the panel Segment water.</source>
   <translation>Lo elige en «Segmentar agua».</translation>
  </message>
  <message>
   <source>Click a corner, move it, click again. Del removes it.</source>
   <translation>Pulse una esquina, muévala y pulse de nuevo. Supr la quita.</translation>
  </message>
  <message>
   <source>Click the corners of an island inside drawn water; a right click closes it.</source>
   <translation>Pulse las esquinas de una isla dentro de agua dibujada; un clic derecho la cierra.</translation>
  </message>
  <message>
   <source>Click the corners of the water; a right click closes it.</source>
   <translation>Pulse las esquinas del agua; un clic derecho la cierra.</translation>
  </message>
  <message>
   <source>Click to go to this chip.</source>
   <translation>Pulse para ir a este recorte.</translation>
  </message>
  <message>
   <source>Colours as on the map</source>
   <translation>Colores como en el mapa</translation>
  </message>
  <message>
   <source>Comes with waterseg</source>
   <translation>Viene con waterseg</translation>
  </message>
  <message>
   <source>Commands</source>
   <translation>Órdenes</translation>
  </message>
  <message>
   <source>Compare two results: drag a line over the map</source>
   <translation>Comparar dos resultados: arrastrar una línea sobre el mapa</translation>
  </message>
  <message>
   <source>Compare with the old one
on this view</source>
   <translation>Comparar con el anterior
en esta vista</translation>
  </message>
  <message>
   <source>Compare: {new} | {old}</source>
   <translation>Comparación: {new} | {old}</translation>
  </message>
  <message>
   <source>Confidence (0 to 1)</source>
   <translation>Confianza (de 0 a 1)</translation>
  </message>
  <message>
   <source>Connect to a server…</source>
   <translation>Conectar a un servidor…</translation>
  </message>
  <message>
   <source>Contrast: auto, none, minmax, percentile, or LO,HI (auto)</source>
   <translation>Contraste: auto, none, minmax, percentile o MÍN,MÁX (auto)</translation>
  </message>
  <message>
   <source>Copies a report for a bug report to the clipboard. It holds no secrets.</source>
   <translation>Copia al portapapeles un informe para notificar un error. No contiene secretos.</translation>
  </message>
  <message>
   <source>Copy</source>
   <translation>Copiar</translation>
  </message>
  <message>
   <source>Copy diagnostics</source>
   <translation>Copiar diagnóstico</translation>
  </message>
  <message>
   <source>Cuts an image and the water that was drawn on it into chips, and writes for each the text of tokens that PaliGemma learns to answer. The folder trains with the official tools as it is, and with waterseg finetune.

Chips without water are taken only from inside the area where everything is labelled. Training, validation and test are blocks of land, so that none has seen the other.

Draw the water, and look at what the tokens can say of it, in the panel Build training set.</source>
   <translation>Corta una imagen y el agua dibujada en ella en recortes, y escribe para cada uno el texto de tokens que PaliGemma aprende a responder. La carpeta entrena tal cual con las herramientas oficiales, y con waterseg finetune.

Los recortes sin agua se toman solo de la zona en la que todo está etiquetado. Entrenamiento, validación y prueba son bloques de terreno, de modo que ninguno ha visto al otro.

Dibuje el agua, y vea lo que los tokens pueden decir de ella, en el panel Crear conjunto de entrenamiento.</translation>
  </message>
  <message>
   <source>Cutting chips…</source>
   <translation>Cortando recortes…</translation>
  </message>
  <message>
   <source>Delete water</source>
   <translation>Borrar agua</translation>
  </message>
  <message>
   <source>Device</source>
   <translation>Dispositivo</translation>
  </message>
  <message>
   <source>Distance between the parts (pixels; side / 8)</source>
   <translation>Distancia entre las partes (píxeles; lado / 8)</translation>
  </message>
  <message>
   <source>Done</source>
   <translation>Hecho</translation>
  </message>
  <message>
   <source>Done.</source>
   <translation>Listo.</translation>
  </message>
  <message>
   <source>Doubtful (below 50 %)</source>
   <translation>Dudoso (menos del 50 %)</translation>
  </message>
  <message>
   <source>Download</source>
   <translation>Descarga</translation>
  </message>
  <message>
   <source>Download and install</source>
   <translation>Descargar e instalar</translation>
  </message>
  <message>
   <source>Drag a rectangle on the map. Press Esc to stop drawing.</source>
   <translation>Arrastre un rectángulo sobre el mapa. Pulse Esc para dejar de dibujar.</translation>
  </message>
  <message>
   <source>Drag the line; Esc ends it.</source>
   <translation>Arrastre la línea; Esc lo termina.</translation>
  </message>
  <message>
   <source>Draw</source>
   <translation>Dibujar</translation>
  </message>
  <message>
   <source>Draw a rectangle on the map.</source>
   <translation>Dibuje un rectángulo en el mapa.</translation>
  </message>
  <message>
   <source>Draw into</source>
   <translation>Dibujar en</translation>
  </message>
  <message>
   <source>Draw into a new GeoPackage</source>
   <translation>Dibujar en un GeoPackage nuevo</translation>
  </message>
  <message>
   <source>Draw into a new GeoPackage…</source>
   <translation>Dibujar en un GeoPackage nuevo…</translation>
  </message>
  <message>
   <source>Draw the water</source>
   <translation>Dibujar el agua</translation>
  </message>
  <message>
   <source>Draw water</source>
   <translation>Dibujar agua</translation>
  </message>
  <message>
   <source>Drawn</source>
   <translation>Dibujado</translation>
  </message>
  <message>
   <source>Drawn or suggested</source>
   <translation>Dibujado o sugerido</translation>
  </message>
  <message>
   <source>Drawn water (polygons)</source>
   <translation>Agua dibujada (polígonos)</translation>
  </message>
  <message>
   <source>Draw…</source>
   <translation>Dibujar…</translation>
  </message>
  <message>
   <source>Dry</source>
   <translation>Seco</translation>
  </message>
  <message>
   <source>Dry chips for each chip with water</source>
   <translation>Recortes secos por cada recorte con agua</translation>
  </message>
  <message>
   <source>Dry per wet</source>
   <translation>Secos por mojado</translation>
  </message>
  <message>
   <source>Dry: the answer is empty.</source>
   <translation>Seco: la respuesta está vacía.</translation>
  </message>
  <message>
   <source>Engine</source>
   <translation>Motor</translation>
  </message>
  <message>
   <source>Epochs</source>
   <translation>Épocas</translation>
  </message>
  <message>
   <source>Epochs: how often every chip is seen (by the recipe)</source>
   <translation>Épocas: cuántas veces se ve cada recorte (según la receta)</translation>
  </message>
  <message>
   <source>Erase water</source>
   <translation>Borrar agua con goma</translation>
  </message>
  <message>
   <source>Eraser</source>
   <translation>Goma</translation>
  </message>
  <message>
   <source>Evaluate</source>
   <translation>Evaluar</translation>
  </message>
  <message>
   <source>Export as GeoJSON</source>
   <translation>Exportar como GeoJSON</translation>
  </message>
  <message>
   <source>Export as GeoJSON…</source>
   <translation>Exportar como GeoJSON…</translation>
  </message>
  <message>
   <source>Exported to {path}</source>
   <translation>Exportado a {path}</translation>
  </message>
  <message>
   <source>Fetching the training set…</source>
   <translation>Trayendo el conjunto de entrenamiento…</translation>
  </message>
  <message>
   <source>Field that says what each polygon is</source>
   <translation>Campo que dice qué es cada polígono</translation>
  </message>
  <message>
   <source>Fill islands smaller than this (m²; 0)</source>
   <translation>Rellenar islas menores que esto (m²; 0)</translation>
  </message>
  <message>
   <source>Find water in your images</source>
   <translation>Encuentre agua en sus imágenes</translation>
  </message>
  <message>
   <source>Finds the water in a satellite or aerial image and gives polygons with their area, shoreline and confidence, in the CRS of the layer.

Works with files of any type and number of bands, and with WMS, WMTS and XYZ layers, which need a resolution.

The model runs in an engine outside QGIS, on this computer or on a server. Set it up once in Settings, Options, waterseg.

Cancelled runs can be resumed in the panel Segment water.</source>
   <translation>Encuentra el agua en una imagen aérea o de satélite y da polígonos con su superficie, orilla y confianza, en el SRC de la capa.

Funciona con archivos de cualquier tipo y número de bandas, y con capas WMS, WMTS y XYZ, que necesitan una resolución.

El modelo se ejecuta en un motor fuera de QGIS, en este equipo o en un servidor. Prepárelo una vez en Configuración, Opciones, waterseg.

Las ejecuciones canceladas se pueden reanudar en el panel Segmentar agua.</translation>
  </message>
  <message>
   <source>Finds water in a raster layer and gives polygons.</source>
   <translation>Encuentra agua en una capa ráster y da polígonos.</translation>
  </message>
  <message>
   <source>Finds water in a raster layer and gives you polygons</source>
   <translation>Encuentra agua en una capa ráster y le da polígonos</translation>
  </message>
  <message>
   <source>Fine-tune</source>
   <translation>Ajuste fino</translation>
  </message>
  <message>
   <source>Fine-tune on it</source>
   <translation>Ajuste fino con él</translation>
  </message>
  <message>
   <source>Fine-tune: teach a model with a training set</source>
   <translation>Ajuste fino: enseñar a un modelo con un conjunto de entrenamiento</translation>
  </message>
  <message>
   <source>Folder</source>
   <translation>Carpeta</translation>
  </message>
  <message>
   <source>Folder of the set</source>
   <translation>Carpeta del conjunto</translation>
  </message>
  <message>
   <source>Folder of the training set</source>
   <translation>Carpeta del conjunto de entrenamiento</translation>
  </message>
  <message>
   <source>Folders of models, or names on the Hugging Face hub, with commas between them, for example google/paligemma2-3b-mix-448. They are then on offer under Model; large ones need a graphics card.</source>
   <translation>Carpetas de modelos o nombres en el hub de Hugging Face, separados por comas, por ejemplo google/paligemma2-3b-mix-448. Aparecen entonces en Modelo; los grandes necesitan una tarjeta gráfica.</translation>
  </message>
  <message>
   <source>For a server with a token: add a configuration of the type Basic authentication and put the token into the field for the password; the user name may be anything. QGIS keeps it encrypted. Pixels of your layer are sent to this server.</source>
   <translation>Para un servidor con token: añada una configuración de tipo Basic (autenticación básica) y ponga el token en el campo de la contraseña; el nombre de usuario puede ser cualquiera. QGIS lo guarda cifrado. Los píxeles de su capa se envían a este servidor.</translation>
  </message>
  <message>
   <source>Forget all decisions about chips</source>
   <translation>Olvidar todas las decisiones sobre recortes</translation>
  </message>
  <message>
   <source>Forget the unfinished run</source>
   <translation>Olvidar la ejecución sin terminar</translation>
  </message>
  <message>
   <source>Found: choose one from the list.</source>
   <translation>Encontrado: elija de la lista.</translation>
  </message>
  <message>
   <source>Freehand</source>
   <translation>A mano alzada</translation>
  </message>
  <message>
   <source>From chip to chip (pixels; the side)</source>
   <translation>De recorte a recorte (píxeles; el lado)</translation>
  </message>
  <message>
   <source>From one chip to the next, in pixels; less than a side makes chips overlap.</source>
   <translation>De un recorte al siguiente, en píxeles; menos de un lado hace que se solapen.</translation>
  </message>
  <message>
   <source>From the Hugging Face hub</source>
   <translation>Del hub de Hugging Face</translation>
  </message>
  <message>
   <source>From which probability a pixel is water. Lower finds more water, and more that is none.</source>
   <translation>A partir de qué probabilidad un píxel es agua. Más bajo encuentra más agua, y más que no lo es.</translation>
  </message>
  <message>
   <source>From {base}</source>
   <translation>A partir de {base}</translation>
  </message>
  <message>
   <source>From {base}, with the set {name}</source>
   <translation>A partir de {base}, con el conjunto {name}</translation>
  </message>
  <message>
   <source>GeoPackage</source>
   <translation>GeoPackage</translation>
  </message>
  <message>
   <source>Give the new model a name.</source>
   <translation>Dé un nombre al nuevo modelo.</translation>
  </message>
  <message>
   <source>Go on where the run stopped, with its own options.</source>
   <translation>Seguir donde se detuvo la ejecución, con sus propias opciones.</translation>
  </message>
  <message>
   <source>Goes on to the end of this epoch, measures, and keeps the best model.</source>
   <translation>Termina la época, mide y conserva el mejor modelo.</translation>
  </message>
  <message>
   <source>Goes on where the training stopped, to the same numbers.</source>
   <translation>Sigue donde se detuvo el entrenamiento, hasta los mismos números.</translation>
  </message>
  <message>
   <source>Green</source>
   <translation>Verde</translation>
  </message>
  <message>
   <source>HTML files (*.html)</source>
   <translation>Archivos HTML (*.html)</translation>
  </message>
  <message>
   <source>How many objects the answer for a chip names.</source>
   <translation>Cuántos objetos nombra la respuesta a un recorte.</translation>
  </message>
  <message>
   <source>How much neighbouring tiles share. More is slower and finds a little more.</source>
   <translation>Cuánto comparten las teselas vecinas. Más es más lento y encuentra un poco más.</translation>
  </message>
  <message>
   <source>How often every chip is seen, if the time allows.</source>
   <translation>Cuántas veces se ve cada recorte, si el tiempo alcanza.</translation>
  </message>
  <message>
   <source>How the new model answers: with a mask head, which draws the best masks, or in tokens, as PaliGemma's own tools do.</source>
   <translation>Cómo responde el nuevo modelo: con una cabeza de máscara, que dibuja las mejores máscaras, o en tokens, como las herramientas propias de PaliGemma.</translation>
  </message>
  <message>
   <source>If there is some, check that the bands are red, green and blue.</source>
   <translation>Si la hay, compruebe que las bandas sean rojo, verde y azul.</translation>
  </message>
  <message>
   <source>Image</source>
   <translation>Imagen</translation>
  </message>
  <message>
   <source>In folder</source>
   <translation>En carpeta</translation>
  </message>
  <message>
   <source>Install</source>
   <translation>Instalar</translation>
  </message>
  <message>
   <source>Installing PyTorch</source>
   <translation>Instalando PyTorch</translation>
  </message>
  <message>
   <source>Installing waterseg</source>
   <translation>Instalando waterseg</translation>
  </message>
  <message>
   <source>Installs the engine anew in its own environment.</source>
   <translation>Instala de nuevo el motor en su propio entorno.</translation>
  </message>
  <message>
   <source>IoU on validation chips</source>
   <translation>IoU en validación</translation>
  </message>
  <message>
   <source>IoU per image</source>
   <translation>IoU por imagen</translation>
  </message>
  <message>
   <source>IoU per image of the second model</source>
   <translation>IoU por imagen del segundo modelo</translation>
  </message>
  <message>
   <source>IoU pooled</source>
   <translation>IoU sobre todos los píxeles</translation>
  </message>
  <message>
   <source>IoU pooled of the second model</source>
   <translation>IoU sobre todos los píxeles del segundo modelo</translation>
  </message>
  <message>
   <source>IoU {value}</source>
   <translation>IoU {value}</translation>
  </message>
  <message>
   <source>IoU {value} on held-out images</source>
   <translation>IoU {value} en imágenes reservadas</translation>
  </message>
  <message>
   <source>IoU {value} per image, {pooled} pooled</source>
   <translation>IoU {value} por imagen, {pooled} sobre todos los píxeles</translation>
  </message>
  <message>
   <source>IoU {value} per image, {pooled} pooled, on held-out images</source>
   <translation>IoU {value} por imagen, {pooled} sobre todos los píxeles, en imágenes reservadas</translation>
  </message>
  <message>
   <source>IoU {value} pooled on held-out images</source>
   <translation>IoU {value} sobre todos los píxeles de imágenes reservadas</translation>
  </message>
  <message>
   <source>Island</source>
   <translation>Isla</translation>
  </message>
  <message>
   <source>Islands</source>
   <translation>Islas</translation>
  </message>
  <message>
   <source>Its training set is not known here. Begin a new training.</source>
   <translation>Su conjunto de entrenamiento no se conoce aquí. Empiece un nuevo entrenamiento.</translation>
  </message>
  <message>
   <source>Joining the polygons…</source>
   <translation>Uniendo los polígonos…</translation>
  </message>
  <message>
   <source>Label</source>
   <translation>Etiqueta</translation>
  </message>
  <message>
   <source>Label field</source>
   <translation>Campo</translation>
  </message>
  <message>
   <source>Labelled area</source>
   <translation>Zona etiquetada</translation>
  </message>
  <message>
   <source>Labels of {layer}</source>
   <translation>Etiquetas de {layer}</translation>
  </message>
  <message>
   <source>Layer</source>
   <translation>Capa</translation>
  </message>
  <message>
   <source>Learning rate</source>
   <translation>Tasa</translation>
  </message>
  <message>
   <source>Least share of a chip with data (0.75)</source>
   <translation>Parte mínima de un recorte con datos (0.75)</translation>
  </message>
  <message>
   <source>Least water in a wet chip (pixels; 64)</source>
   <translation>Agua mínima en un recorte mojado (píxeles; 64)</translation>
  </message>
  <message>
   <source>Leave out</source>
   <translation>Omitir</translation>
  </message>
  <message>
   <source>Leave out water smaller than this (m²; 1000)</source>
   <translation>Omitir agua menor que esto (m²; 1000)</translation>
  </message>
  <message>
   <source>Leaves out corners that are closer than this to the straight line, in metres. 0 keeps the outline exact.</source>
   <translation>Omite esquinas que están más cerca que esto de la línea recta, en metros. Con 0 el contorno queda exacto.</translation>
  </message>
  <message>
   <source>Left out</source>
   <translation>Omitido</translation>
  </message>
  <message>
   <source>Left out when it was written: too little data, or none where water is drawn.</source>
   <translation>Omitido al escribir: hay pocos datos, o ninguno donde está dibujada el agua.</translation>
  </message>
  <message>
   <source>Let the model suggest water, and correct it</source>
   <translation>Dejar que el modelo sugiera agua, y corregirla</translation>
  </message>
  <message>
   <source>Lets a model look for water in the chips of a set whose water is known, and compares both: intersection over union, precision, recall, shores, bodies and area, with intervals.

With a second model it says whether the first is better, worse, or not to be told apart.

The report is one page with pictures that needs no network. Judge by chips that the model did not learn from: that is what the part Test is for.</source>
   <translation>Hace que un modelo busque agua en los chips de un conjunto cuya agua se conoce, y compara ambas: intersección sobre unión (IoU), precisión, exhaustividad, orillas, masas de agua y superficie, con intervalos.

Con un segundo modelo dice si el primero es mejor, peor, o no se pueden distinguir.

El informe es una página con imágenes que no necesita red. Juzgue con chips de los que el modelo no aprendió: para eso está la parte Prueba.</translation>
  </message>
  <message>
   <source>Licence</source>
   <translation>Licencia</translation>
  </message>
  <message>
   <source>Licence of image and drawing</source>
   <translation>Licencia de la imagen y del dibujo</translation>
  </message>
  <message>
   <source>Likely (50 to 70 %)</source>
   <translation>Probable (del 50 al 70 %)</translation>
  </message>
  <message>
   <source>Log</source>
   <translation>Registro</translation>
  </message>
  <message>
   <source>Look for</source>
   <translation>Buscar</translation>
  </message>
  <message>
   <source>Looking at the set, and trying what a step takes…</source>
   <translation>Mirando el conjunto y probando lo que cuesta un paso…</translation>
  </message>
  <message>
   <source>Looking at what this computer has</source>
   <translation>Mirando qué tiene este equipo</translation>
  </message>
  <message>
   <source>Looking at what this computer has…</source>
   <translation>Mirando qué tiene este equipo…</translation>
  </message>
  <message>
   <source>Looking for Python</source>
   <translation>Buscando Python</translation>
  </message>
  <message>
   <source>Looking for water…</source>
   <translation>Buscando agua…</translation>
  </message>
  <message>
   <source>Looking…</source>
   <translation>Buscando…</translation>
  </message>
  <message>
   <source>Looks for Pythons that have the engine.</source>
   <translation>Busca Pythons que tengan el motor.</translation>
  </message>
  <message>
   <source>Loss</source>
   <translation>Pérdida</translation>
  </message>
  <message>
   <source>Made (UTC)</source>
   <translation>Creado (UTC)</translation>
  </message>
  <message>
   <source>Made by waterseg on {date}.</source>
   <translation>Creado por waterseg el {date}.</translation>
  </message>
  <message>
   <source>Magic wand</source>
   <translation>Varita mágica</translation>
  </message>
  <message>
   <source>Making the environment</source>
   <translation>Creando el entorno</translation>
  </message>
  <message>
   <source>Map view</source>
   <translation>Vista del mapa</translation>
  </message>
  <message>
   <source>Mask head</source>
   <translation>Cabeza de máscara</translation>
  </message>
  <message>
   <source>May go on beyond the image</source>
   <translation>Puede seguir más allá de la imagen</translation>
  </message>
  <message>
   <source>Measured on images that it did not learn from, of the kind that it learned from: numbers of models with other data cannot be compared.</source>
   <translation>Medido en imágenes de las que no aprendió, del tipo del que aprendió: los números de modelos con otros datos no se pueden comparar.</translation>
  </message>
  <message>
   <source>Model</source>
   <translation>Modelo</translation>
  </message>
  <message>
   <source>Model (the engine's own choice)</source>
   <translation>Modelo (el que elija el motor)</translation>
  </message>
  <message>
   <source>Model to start from (the engine's own choice)</source>
   <translation>Modelo del que se parte (el que elija el motor)</translation>
  </message>
  <message>
   <source>More models</source>
   <translation>Más modelos</translation>
  </message>
  <message>
   <source>More options</source>
   <translation>Más opciones</translation>
  </message>
  <message>
   <source>Move corners</source>
   <translation>Mover esquinas</translation>
  </message>
  <message>
   <source>NVIDIA graphics card (CUDA)</source>
   <translation>Tarjeta gráfica NVIDIA (CUDA)</translation>
  </message>
  <message>
   <source>Name</source>
   <translation>Nombre</translation>
  </message>
  <message>
   <source>Name chips whose tokens carry less (IoU; 0.5)</source>
   <translation>Nombrar recortes cuyos tokens llevan menos (IoU; 0.5)</translation>
  </message>
  <message>
   <source>Name of the new model</source>
   <translation>Nombre del nuevo modelo</translation>
  </message>
  <message>
   <source>Name of the new model (that of the set)</source>
   <translation>Nombre del nuevo modelo (el del conjunto)</translation>
  </message>
  <message>
   <source>Native: images as they are</source>
   <translation>Nativo: imágenes tal como son</translation>
  </message>
  <message>
   <source>Needs</source>
   <translation>Necesita</translation>
  </message>
  <message>
   <source>Needs its address and perhaps a token. Pixels of your layer are sent there.</source>
   <translation>Necesita su dirección y quizá un token. Los píxeles de su capa se envían allí.</translation>
  </message>
  <message>
   <source>New corners snap to those that are there, as QGIS is set to do (S)</source>
   <translation>Las esquinas nuevas se ajustan a las que hay, según esté puesto QGIS (S)</translation>
  </message>
  <message>
   <source>New name</source>
   <translation>Nuevo nombre</translation>
  </message>
  <message>
   <source>New training</source>
   <translation>Nuevo entrenamiento</translation>
  </message>
  <message>
   <source>No CRS: sizes count in pixels, and the result cannot become GeoJSON.</source>
   <translation>Sin SRC: los tamaños se cuentan en píxeles y el resultado no puede ser GeoJSON.</translation>
  </message>
  <message>
   <source>No Python from 3.11 on with the module venv was found. Install one from python.org (on Debian or Ubuntu: sudo apt install python3-venv) and try again, or connect to a server.</source>
   <translation>No se ha encontrado ningún Python 3.11 o posterior con el módulo venv. Instale uno de python.org (en Debian o Ubuntu: sudo apt install python3-venv) e inténtelo otra vez, o conéctese a un servidor.</translation>
  </message>
  <message>
   <source>No Python here has the engine. Set it up, above.</source>
   <translation>Ningún Python de aquí tiene el motor. Prepárelo arriba.</translation>
  </message>
  <message>
   <source>No limit</source>
   <translation>Sin límite</translation>
  </message>
  <message>
   <source>No program on this computer opens {path}.</source>
   <translation>Ningún programa de este ordenador abre {path}.</translation>
  </message>
  <message>
   <source>No water</source>
   <translation>Nada de agua</translation>
  </message>
  <message>
   <source>No water is drawn in any chip yet.</source>
   <translation>Aún no hay agua dibujada en ningún recorte.</translation>
  </message>
  <message>
   <source>No water is drawn on {layer} yet. Draw some, or choose a layer of polygons that lie on it.</source>
   <translation>Aún no hay agua dibujada en {layer}. Dibuje, o elija una capa de polígonos que estén sobre ella.</translation>
  </message>
  <message>
   <source>None but the one that comes with waterseg</source>
   <translation>Ninguno salvo el que trae waterseg</translation>
  </message>
  <message>
   <source>Not finished: {title}.</source>
   <translation>Sin terminar: {title}.</translation>
  </message>
  <message>
   <source>Not labelled yet</source>
   <translation>Aún sin etiquetar</translation>
  </message>
  <message>
   <source>Not needed with a network</source>
   <translation>No hace falta con red</translation>
  </message>
  <message>
   <source>Not set up yet.</source>
   <translation>Aún sin preparar.</translation>
  </message>
  <message>
   <source>Not stated</source>
   <translation>Sin indicar</translation>
  </message>
  <message>
   <source>Nothing is measured yet.</source>
   <translation>Aún no se ha medido nada.</translation>
  </message>
  <message>
   <source>Nothing is trained.</source>
   <translation>No se entrena nada.</translation>
  </message>
  <message>
   <source>Nothing new was found.</source>
   <translation>No se encontró nada nuevo.</translation>
  </message>
  <message>
   <source>Nothing to warn of so far.</source>
   <translation>Nada que advertir por ahora.</translation>
  </message>
  <message>
   <source>Nothing: the wheels come from your folder</source>
   <translation>Nada: los wheels vienen de su carpeta</translation>
  </message>
  <message>
   <source>Number</source>
   <translation>Número</translation>
  </message>
  <message>
   <source>Number of chips</source>
   <translation>Número de recortes</translation>
  </message>
  <message>
   <source>Number of chips with water</source>
   <translation>Número de recortes con agua</translation>
  </message>
  <message>
   <source>Number of images</source>
   <translation>Número de imágenes</translation>
  </message>
  <message>
   <source>Objects</source>
   <translation>Objetos</translation>
  </message>
  <message>
   <source>On the disk</source>
   <translation>En el disco</translation>
  </message>
  <message>
   <source>One for all the water</source>
   <translation>Uno para toda el agua</translation>
  </message>
  <message>
   <source>One per water body</source>
   <translation>Uno por masa de agua</translation>
  </message>
  <message>
   <source>One side: no overlap</source>
   <translation>Un lado: sin solape</translation>
  </message>
  <message>
   <source>Only polygons can say where to look. Select at least one.</source>
   <translation>Solo los polígonos pueden decir dónde buscar. Seleccione al menos uno.</translation>
  </message>
  <message>
   <source>Only this part of the layer is searched for water.</source>
   <translation>Solo se busca agua en esta parte de la capa.</translation>
  </message>
  <message>
   <source>Open folder</source>
   <translation>Abrir carpeta</translation>
  </message>
  <message>
   <source>Open log</source>
   <translation>Abrir registro</translation>
  </message>
  <message>
   <source>Open preview</source>
   <translation>Abrir vista previa</translation>
  </message>
  <message>
   <source>Opens the panel Fine-tune with this set.</source>
   <translation>Abre «Ajuste fino» con este conjunto.</translation>
  </message>
  <message>
   <source>Options: where the model runs</source>
   <translation>Opciones: dónde se ejecuta el modelo</translation>
  </message>
  <message>
   <source>Options…</source>
   <translation>Opciones…</translation>
  </message>
  <message>
   <source>Or click a suggestion on the map to go to it.</source>
   <translation>O pulse una sugerencia en el mapa para ir a ella.</translation>
  </message>
  <message>
   <source>Overlap of tiles</source>
   <translation>Solape de teselas</translation>
  </message>
  <message>
   <source>Overlap of tiles, as a fraction (0.25)</source>
   <translation>Solape de teselas, como fracción (0.25)</translation>
  </message>
  <message>
   <source>Packing the training set…</source>
   <translation>Empaquetando el conjunto de entrenamiento…</translation>
  </message>
  <message>
   <source>Part of the set</source>
   <translation>Parte del conjunto</translation>
  </message>
  <message>
   <source>Pixel size</source>
   <translation>Tamaño de píxel</translation>
  </message>
  <message>
   <source>Pixels</source>
   <translation>Píxeles</translation>
  </message>
  <message>
   <source>Point at a chip on the map; a click holds it.</source>
   <translation>Señale un recorte en el mapa; un clic lo retiene.</translation>
  </message>
  <message>
   <source>Polygon</source>
   <translation>Polígono</translation>
  </message>
  <message>
   <source>Press and draw around the water; let go to close it.</source>
   <translation>Pulse y dibuje alrededor del agua; al soltar se cierra.</translation>
  </message>
  <message>
   <source>Press and rub over what is not water.</source>
   <translation>Pulse y frote sobre lo que no es agua.</translation>
  </message>
  <message>
   <source>Press into the water and drag: to the right for more of it, left for less.</source>
   <translation>Pulse en el agua y arrastre: a la derecha para más, a la izquierda para menos.</translation>
  </message>
  <message>
   <source>Probability from which a pixel is water (the model's own)</source>
   <translation>Probabilidad a partir de la cual un píxel es agua (la del modelo)</translation>
  </message>
  <message>
   <source>Problem</source>
   <translation>Problema</translation>
  </message>
  <message>
   <source>Processor (CPU)</source>
   <translation>Procesador (CPU)</translation>
  </message>
  <message>
   <source>Prompt</source>
   <translation>Prompt</translation>
  </message>
  <message>
   <source>Prompt (segment and the labels)</source>
   <translation>Prompt (segment y las etiquetas)</translation>
  </message>
  <message>
   <source>Prompt: {prompt}</source>
   <translation>Pregunta: {prompt}</translation>
  </message>
  <message>
   <source>Protocol</source>
   <translation>Protocolo</translation>
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
   <translation>Rectángulo</translation>
  </message>
  <message>
   <source>Red</source>
   <translation>Rojo</translation>
  </message>
  <message>
   <source>Redo</source>
   <translation>Rehacer</translation>
  </message>
  <message>
   <source>Redo (Ctrl+Shift+Z)</source>
   <translation>Rehacer (Ctrl+Mayús+Z)</translation>
  </message>
  <message>
   <source>Reject</source>
   <translation>Rechazar</translation>
  </message>
  <message>
   <source>Reject all</source>
   <translation>Rechazar todas</translation>
  </message>
  <message>
   <source>Remove the engine</source>
   <translation>Quitar el motor</translation>
  </message>
  <message>
   <source>Remove the environment in {folder}? Your layers and results stay.</source>
   <translation>¿Quitar el entorno de {folder}? Sus capas y resultados se quedan.</translation>
  </message>
  <message>
   <source>Removes the environment that waterseg made.</source>
   <translation>Quita el entorno que creó waterseg.</translation>
  </message>
  <message>
   <source>Remove…</source>
   <translation>Quitar…</translation>
  </message>
  <message>
   <source>Removing waterseg's engine</source>
   <translation>Quitando el motor de waterseg</translation>
  </message>
  <message>
   <source>Removing…</source>
   <translation>Quitando…</translation>
  </message>
  <message>
   <source>Repair…</source>
   <translation>Reparar…</translation>
  </message>
  <message>
   <source>Report</source>
   <translation>Informe</translation>
  </message>
  <message>
   <source>Resolution (metres per pixel; needed for WMS, WMTS and XYZ)</source>
   <translation>Resolución (metros por píxel; necesaria para WMS, WMTS y XYZ)</translation>
  </message>
  <message>
   <source>Result</source>
   <translation>Resultado</translation>
  </message>
  <message>
   <source>Resume</source>
   <translation>Reanudar</translation>
  </message>
  <message>
   <source>Revision of the model</source>
   <translation>Revisión del modelo</translation>
  </message>
  <message>
   <source>Round pixel corners over this length (m; 0)</source>
   <translation>Redondear esquinas de píxel en esta longitud (m; 0)</translation>
  </message>
  <message>
   <source>Rounds the corners of pixels over this length, in metres. 0 keeps them.</source>
   <translation>Redondea las esquinas de los píxeles en esta longitud, en metros. Con 0 se quedan.</translation>
  </message>
  <message>
   <source>Row {row}, column {col}: {what}</source>
   <translation>Fila {row}, columna {col}: {what}</translation>
  </message>
  <message>
   <source>Run</source>
   <translation>Ejecutar</translation>
  </message>
  <message>
   <source>Run anew</source>
   <translation>Ejecutar de nuevo</translation>
  </message>
  <message>
   <source>Runs with {path}</source>
   <translation>Se ejecuta con {path}</translation>
  </message>
  <message>
   <source>Same as the model</source>
   <translation>Como el modelo</translation>
  </message>
  <message>
   <source>Save the water polygons</source>
   <translation>Guardar los polígonos de agua</translation>
  </message>
  <message>
   <source>Save to</source>
   <translation>Guardar en</translation>
  </message>
  <message>
   <source>Says how well a model finds the water of a set, and whether another is better.</source>
   <translation>Dice lo bien que un modelo encuentra el agua de un conjunto, y si otro es mejor.</translation>
  </message>
  <message>
   <source>Search</source>
   <translation>Buscar</translation>
  </message>
  <message>
   <source>Second model to compare with (none)</source>
   <translation>Segundo modelo para comparar (ninguno)</translation>
  </message>
  <message>
   <source>Seed of the choice of blocks and dry chips (0)</source>
   <translation>Semilla de la elección de bloques y recortes secos (0)</translation>
  </message>
  <message>
   <source>Seeds</source>
   <translation>Semillas</translation>
  </message>
  <message>
   <source>Seeds: train so often and keep the best</source>
   <translation>Semillas: entrenar tantas veces y conservar el mejor</translation>
  </message>
  <message>
   <source>Segment water</source>
   <translation>Segmentar agua</translation>
  </message>
  <message>
   <source>Segment water: find water in a raster layer</source>
   <translation>Segmentar agua: encontrar agua en una capa ráster</translation>
  </message>
  <message>
   <source>Segment water…</source>
   <translation>Segmentar agua…</translation>
  </message>
  <message>
   <source>Select both layers and choose Swipe in their menu to see them.</source>
   <translation>Seleccione ambas capas y elija Deslizar en su menú para verlas.</translation>
  </message>
  <message>
   <source>Select polygons in this layer first.</source>
   <translation>Seleccione primero polígonos en esta capa.</translation>
  </message>
  <message>
   <source>Selected polygons</source>
   <translation>Polígonos seleccionados</translation>
  </message>
  <message>
   <source>Sending the training set…</source>
   <translation>Enviando el conjunto de entrenamiento…</translation>
  </message>
  <message>
   <source>Sends the set to the engine, which says what the training will take.</source>
   <translation>Envía el conjunto al motor, que dice lo que costará el entrenamiento.</translation>
  </message>
  <message>
   <source>Set up by another version of the plugin: repair it.</source>
   <translation>Configurado por otra versión del complemento: repárelo.</translation>
  </message>
  <message>
   <source>Set up in {folder}</source>
   <translation>Preparado en {folder}</translation>
  </message>
  <message>
   <source>Set up on this computer…</source>
   <translation>Preparar en este equipo…</translation>
  </message>
  <message>
   <source>Set up waterseg on this computer</source>
   <translation>Preparar waterseg en este equipo</translation>
  </message>
  <message>
   <source>Set up…</source>
   <translation>Preparar…</translation>
  </message>
  <message>
   <source>Setting up waterseg</source>
   <translation>Preparando waterseg</translation>
  </message>
  <message>
   <source>Shares of training, validation and test</source>
   <translation>Partes de entrenamiento, validación y prueba</translation>
  </message>
  <message>
   <source>Shares of training, validation and test, each made of whole blocks of land</source>
   <translation>Partes de entrenamiento, validación y prueba, cada una de bloques enteros de terreno</translation>
  </message>
  <message>
   <source>Shoreline (m)</source>
   <translation>Orilla (m)</translation>
  </message>
  <message>
   <source>Show the chips on the map</source>
   <translation>Mostrar los recortes en el mapa</translation>
  </message>
  <message>
   <source>Shows what is downloaded, how much and where to, before anything happens.</source>
   <translation>Muestra qué se descarga, cuánto y adónde, antes de que ocurra nada.</translation>
  </message>
  <message>
   <source>Side of a chip (pixels)</source>
   <translation>Lado de un recorte (píxeles)</translation>
  </message>
  <message>
   <source>Simplify</source>
   <translation>Simplificar</translation>
  </message>
  <message>
   <source>Simplify outlines within this distance (m; 0)</source>
   <translation>Simplificar contornos dentro de esta distancia (m; 0)</translation>
  </message>
  <message>
   <source>Size</source>
   <translation>Tamaño</translation>
  </message>
  <message>
   <source>Smaller islands become water, in square metres. 0 keeps every island.</source>
   <translation>Las islas menores pasan a ser agua, en metros cuadrados. Con 0 se queda toda isla.</translation>
  </message>
  <message>
   <source>Smaller water bodies are left out, in square metres on the ground.</source>
   <translation>Se omiten las masas de agua menores, en metros cuadrados sobre el terreno.</translation>
  </message>
  <message>
   <source>Smaller water bodies are not suggested.</source>
   <translation>No se sugieren masas de agua menores.</translation>
  </message>
  <message>
   <source>Smallest island</source>
   <translation>Isla mínima</translation>
  </message>
  <message>
   <source>Smallest water body</source>
   <translation>Masa de agua mínima</translation>
  </message>
  <message>
   <source>Smooth</source>
   <translation>Suavizar</translation>
  </message>
  <message>
   <source>Snapping</source>
   <translation>Autoensamblado</translation>
  </message>
  <message>
   <source>So many chips of dry land for each chip with water.</source>
   <translation>Tantos recortes de tierra seca por cada recorte con agua.</translation>
  </message>
  <message>
   <source>Something unexpected went wrong: {why}. The log says more.</source>
   <translation>Algo inesperado salió mal: {why}. El registro dice más.</translation>
  </message>
  <message>
   <source>Speed here</source>
   <translation>Velocidad aquí</translation>
  </message>
  <message>
   <source>Split</source>
   <translation>Reparto</translation>
  </message>
  <message>
   <source>Start</source>
   <translation>Empezar</translation>
  </message>
  <message>
   <source>Start from</source>
   <translation>Partir de</translation>
  </message>
  <message>
   <source>Starting the engine with {python}</source>
   <translation>Arrancando el motor con {python}</translation>
  </message>
  <message>
   <source>Starting the engine…</source>
   <translation>Arrancando el motor…</translation>
  </message>
  <message>
   <source>Starting…</source>
   <translation>Empezando…</translation>
  </message>
  <message>
   <source>Step</source>
   <translation>Paso</translation>
  </message>
  <message>
   <source>Step {step} of {steps}</source>
   <translation>Paso {step} de {steps}</translation>
  </message>
  <message>
   <source>Step {step}: loss {loss}</source>
   <translation>Paso {step}: pérdida {loss}</translation>
  </message>
  <message>
   <source>Stop after this epoch</source>
   <translation>Parar tras esta época</translation>
  </message>
  <message>
   <source>Stop now</source>
   <translation>Parar ya</translation>
  </message>
  <message>
   <source>Stop now. What is finished is kept, and you can resume.</source>
   <translation>Detener ahora. Lo terminado se conserva y puede reanudar.</translation>
  </message>
  <message>
   <source>Stopped before there was a model</source>
   <translation>Detenido antes de que hubiera un modelo</translation>
  </message>
  <message>
   <source>Stopped. {title}</source>
   <translation>Detenido. {title}</translation>
  </message>
  <message>
   <source>Stopping…</source>
   <translation>Deteniendo…</translation>
  </message>
  <message>
   <source>Stops at once. The best model so far is kept, and you can resume.</source>
   <translation>Se detiene al momento. El mejor modelo hasta ahora se conserva y puede reanudar.</translation>
  </message>
  <message>
   <source>Suggest</source>
   <translation>Sugerir</translation>
  </message>
  <message>
   <source>Suggest water</source>
   <translation>Sugerir agua</translation>
  </message>
  <message>
   <source>Suggest water in the labelled area</source>
   <translation>Sugerir agua en la zona etiquetada</translation>
  </message>
  <message>
   <source>Suggested</source>
   <translation>Sugerido</translation>
  </message>
  <message>
   <source>Suggestions</source>
   <translation>Sugerencias</translation>
  </message>
  <message>
   <source>Sure (70 % and more)</source>
   <translation>Seguro (70 % o más)</translation>
  </message>
  <message>
   <source>Swipe</source>
   <translation>Deslizar</translation>
  </message>
  <message>
   <source>Take</source>
   <translation>Tomar</translation>
  </message>
  <message>
   <source>Temporary file</source>
   <translation>Archivo temporal</translation>
  </message>
  <message>
   <source>Test</source>
   <translation>Probar</translation>
  </message>
  <message>
   <source>Test, else validation</source>
   <translation>Prueba, si no validación</translation>
  </message>
  <message>
   <source>The GeoPackage that gets the water polygons. Left empty, it is a temporary file, which is gone when QGIS ends.</source>
   <translation>El GeoPackage que recibe los polígonos de agua. Si queda vacío, es un archivo temporal, que desaparece al cerrar QGIS.</translation>
  </message>
  <message>
   <source>The Python that runs the engine. Left empty, it is the environment that waterseg made. Another one must have the package waterseg-core.</source>
   <translation>El Python que ejecuta el motor. Si queda vacío, es el entorno que creó waterseg. Otro debe tener el paquete waterseg-core.</translation>
  </message>
  <message>
   <source>The address that whoever runs the server told you.</source>
   <translation>La dirección que le dio quien lleva el servidor.</translation>
  </message>
  <message>
   <source>The area has {pixels:,} pixels; the engine takes at most {most:,}. Choose a smaller area or larger pixels.</source>
   <translation>La zona tiene {pixels:,} píxeles; el motor admite como máximo {most:,}. Elija una zona menor o píxeles mayores.</translation>
  </message>
  <message>
   <source>The chosen area cannot be found in the layer {layer}: {why}</source>
   <translation>La zona elegida no se encuentra en la capa {layer}: {why}</translation>
  </message>
  <message>
   <source>The chosen area lies outside the layer. Choose another area.</source>
   <translation>La zona elegida está fuera de la capa. Elija otra.</translation>
  </message>
  <message>
   <source>The chosen polygons lie outside the chosen area.</source>
   <translation>Los polígonos elegidos están fuera de la zona elegida.</translation>
  </message>
  <message>
   <source>The comparison was cancelled.</source>
   <translation>Se canceló la comparación.</translation>
  </message>
  <message>
   <source>The curves come with the first steps.</source>
   <translation>Las curvas llegan con los primeros pasos.</translation>
  </message>
  <message>
   <source>The disk is full. Make room and try again.</source>
   <translation>El disco está lleno. Haga sitio e inténtelo otra vez.</translation>
  </message>
  <message>
   <source>The download does not come through. Check the network and QGIS's proxy (Settings, Options, Network), or give a folder of wheels in the options.</source>
   <translation>La descarga no llega. Compruebe la red y el proxy de QGIS (Configuración, Opciones, Red), o indique una carpeta de wheels en las opciones.</translation>
  </message>
  <message>
   <source>The download is not trusted: something between here and the internet changes its certificates. Add your company's certificate in QGIS (Settings, Options, Authentication).</source>
   <translation>La descarga no es de confianza: algo entre este equipo e internet cambia los certificados. Añada el certificado de su empresa en QGIS (Configuración, Opciones, Autenticación).</translation>
  </message>
  <message>
   <source>The engine could not be set up: {why}</source>
   <translation>No se pudo preparar el motor: {why}</translation>
  </message>
  <message>
   <source>The engine did not start: {python} said nothing. Choose or make another Python environment in the options of waterseg.</source>
   <translation>El motor no arrancó: {python} no dijo nada. Elija o cree otro entorno de Python en las opciones de waterseg.</translation>
  </message>
  <message>
   <source>The engine does not have this run any more.</source>
   <translation>El motor ya no tiene esta ejecución.</translation>
  </message>
  <message>
   <source>The engine does not have this run any more; it starts anew.</source>
   <translation>El motor ya no tiene esta ejecución; empieza de nuevo.</translation>
  </message>
  <message>
   <source>The engine gave up on the run.</source>
   <translation>El motor abandonó la ejecución.</translation>
  </message>
  <message>
   <source>The engine is set up. You can close this window and press Run.</source>
   <translation>El motor está preparado. Puede cerrar esta ventana y pulsar Ejecutar.</translation>
  </message>
  <message>
   <source>The engine on this computer</source>
   <translation>El motor de este equipo</translation>
  </message>
  <message>
   <source>The engine on this computer stopped: {words}</source>
   <translation>El motor de este equipo se detuvo: {words}</translation>
  </message>
  <message>
   <source>The engine on this computer was killed: by another program, or because there was not enough memory.</source>
   <translation>El motor de este equipo fue terminado: por otro programa, o porque no había memoria suficiente.</translation>
  </message>
  <message>
   <source>The engine waits for the training set…</source>
   <translation>El motor espera el conjunto de entrenamiento…</translation>
  </message>
  <message>
   <source>The engine was set up by another version of the plugin. Open the options of waterseg and repair it, so that both are the same again.</source>
   <translation>El motor fue configurado por otra versión del complemento. Abra las opciones de waterseg y repárelo para que ambos vuelvan a coincidir.</translation>
  </message>
  <message>
   <source>The engine was stopped.</source>
   <translation>Se ha detenido el motor.</translation>
  </message>
  <message>
   <source>The environment that waterseg made</source>
   <translation>El entorno que creó waterseg</translation>
  </message>
  <message>
   <source>The evaluation ended without a result.</source>
   <translation>La evaluación terminó sin resultado.</translation>
  </message>
  <message>
   <source>The field that says what each polygon is, for sets of several kinds of water.</source>
   <translation>El campo que dice qué es cada polígono, para conjuntos de varias clases de agua.</translation>
  </message>
  <message>
   <source>The folder in which the folder of the set is made</source>
   <translation>La carpeta en la que se crea la carpeta del conjunto</translation>
  </message>
  <message>
   <source>The folder of a training set</source>
   <translation>La carpeta de un conjunto de entrenamiento</translation>
  </message>
  <message>
   <source>The folder of the engine may not be written. Choose another one in the options.</source>
   <translation>No se puede escribir en la carpeta del motor. Elija otra en las opciones.</translation>
  </message>
  <message>
   <source>The folder {folder} cannot be written. Choose another one.</source>
   <translation>No se puede escribir en la carpeta {folder}. Elija otra.</translation>
  </message>
  <message>
   <source>The highest rate. Too high a one forgets, too low a one learns nothing.</source>
   <translation>La tasa más alta. Una demasiado alta olvida, una demasiado baja no aprende nada.</translation>
  </message>
  <message>
   <source>The image in which water is looked for.</source>
   <translation>La imagen en la que se busca agua.</translation>
  </message>
  <message>
   <source>The image on which water is drawn.</source>
   <translation>La imagen sobre la que se dibuja el agua.</translation>
  </message>
  <message>
   <source>The image, and its chips</source>
   <translation>La imagen y sus recortes</translation>
  </message>
  <message>
   <source>The layer of drawn water: a new one, or any polygon layer of yours.</source>
   <translation>La capa del agua dibujada: una nueva, o cualquier capa de polígonos suya.</translation>
  </message>
  <message>
   <source>The layer's bands hold complex numbers or colours, which have no value as such.</source>
   <translation>Las bandas de la capa contienen números complejos o colores, que no tienen valor como tales.</translation>
  </message>
  <message>
   <source>The model looks for water that you have not drawn yet. Suggestions are hatched on the map, and count only once you accept them. Correct one with any tool of the step Draw: that accepts it.</source>
   <translation>El modelo busca agua que usted aún no ha dibujado. Las sugerencias aparecen rayadas en el mapa y solo cuentan cuando las acepta. Corrija una con cualquier herramienta del paso Dibujar: así queda aceptada.</translation>
  </message>
  <message>
   <source>The model that comes with waterseg</source>
   <translation>El modelo que trae waterseg</translation>
  </message>
  <message>
   <source>The model that finds water runs in a program of its own, the engine, so that QGIS stays quick and safe. It is not set up yet: it can run on this computer, or on a server of your team.</source>
   <translation>El modelo que encuentra agua se ejecuta en un programa propio, el motor, para que QGIS siga rápido y seguro. Aún no está preparado: puede ejecutarse en este equipo o en un servidor de su equipo de trabajo.</translation>
  </message>
  <message>
   <source>The model that finds water runs in the engine, a program of its own, so that QGIS stays quick and safe.</source>
   <translation>El modelo que encuentra agua se ejecuta en el motor, un programa propio, para que QGIS siga rápido y seguro.</translation>
  </message>
  <message>
   <source>The model that looks for water. Larger ones see more and need a GPU.</source>
   <translation>El modelo que busca agua. Los mayores ven más y necesitan una GPU.</translation>
  </message>
  <message>
   <source>The model to start from. It stays as it is.</source>
   <translation>El modelo del que se parte. Queda como está.</translation>
  </message>
  <message>
   <source>The model's own</source>
   <translation>El del modelo</translation>
  </message>
  <message>
   <source>The next one</source>
   <translation>La siguiente</translation>
  </message>
  <message>
   <source>The one before</source>
   <translation>La anterior</translation>
  </message>
  <message>
   <source>The polygon layer in which you have selected what is to be searched.</source>
   <translation>La capa de polígonos en la que ha seleccionado lo que se busca.</translation>
  </message>
  <message>
   <source>The proxy does not accept the user and the password, or wants some. Set them in QGIS (Settings, Options, Network).</source>
   <translation>El proxy no acepta el usuario y la contraseña, o los exige. Indíquelos en QGIS (Configuración, Opciones, Red).</translation>
  </message>
  <message>
   <source>The proxy does not let the download through. Check it in QGIS (Settings, Options, Network).</source>
   <translation>El proxy no deja pasar la descarga. Compruébelo en QGIS (Configuración, Opciones, Red).</translation>
  </message>
  <message>
   <source>The proxy forbids the download. Ask whoever runs it to allow download.pytorch.org, pypi.org and files.pythonhosted.org, or give a folder of wheels in the options.</source>
   <translation>El proxy prohíbe la descarga. Pida a quien lo administra que permita download.pytorch.org, pypi.org y files.pythonhosted.org, o indique en las opciones una carpeta de wheels.</translation>
  </message>
  <message>
   <source>The proxy {proxy} does not accept the user and the password, or wants some. Set them in QGIS (Settings, Options, Network).</source>
   <translation>El proxy {proxy} no acepta el usuario y la contraseña, o los exige. Indíquelos en QGIS (Configuración, Opciones, Red).</translation>
  </message>
  <message>
   <source>The report is on the clipboard.</source>
   <translation>El informe está en el portapapeles.</translation>
  </message>
  <message>
   <source>The result {path} cannot be opened.</source>
   <translation>El resultado {path} no se puede abrir.</translation>
  </message>
  <message>
   <source>The run was taken off the task list.</source>
   <translation>La ejecución se quitó de la lista de tareas.</translation>
  </message>
  <message>
   <source>The server {address}</source>
   <translation>El servidor {address}</translation>
  </message>
  <message>
   <source>The server's address {url!r} is not complete. It looks like https://gpu.example.org:8470; set it in the options of waterseg.</source>
   <translation>La dirección {url!r} del servidor no está completa. Es del tipo https://gpu.example.org:8470; indíquela en las opciones de waterseg.</translation>
  </message>
  <message>
   <source>The side of a chip, in pixels of the image.</source>
   <translation>El lado de un recorte, en píxeles de la imagen.</translation>
  </message>
  <message>
   <source>The text that a model learns to answer for this chip.</source>
   <translation>El texto que un modelo aprende a responder a este recorte.</translation>
  </message>
  <message>
   <source>The training begins.</source>
   <translation>El entrenamiento empieza.</translation>
  </message>
  <message>
   <source>The training ended without a model.</source>
   <translation>El entrenamiento terminó sin modelo.</translation>
  </message>
  <message>
   <source>The training failed</source>
   <translation>El entrenamiento ha fallado</translation>
  </message>
  <message>
   <source>The training is planned for so many minutes at most, and stops early by itself.</source>
   <translation>El entrenamiento se planifica para tantos minutos como máximo y se detiene antes por sí solo.</translation>
  </message>
  <message>
   <source>The training of {name} is stopped.</source>
   <translation>El entrenamiento de {name} está detenido.</translation>
  </message>
  <message>
   <source>The training set cannot be packed: {path}: {why}</source>
   <translation>El conjunto de entrenamiento no se puede empaquetar: {path}: {why}</translation>
  </message>
  <message>
   <source>The training set has no chips yet.</source>
   <translation>El conjunto de entrenamiento aún no tiene recortes.</translation>
  </message>
  <message>
   <source>The training set has not arrived yet: it was cut off on its way.</source>
   <translation>El conjunto de entrenamiento aún no ha llegado: el envío se interrumpió.</translation>
  </message>
  <message>
   <source>The virus scanner stopped the installation. Allow the folder of the engine in it.</source>
   <translation>El antivirus detuvo la instalación. Permita en él la carpeta del motor.</translation>
  </message>
  <message>
   <source>There is a training set in {folder} already. Choose another folder.</source>
   <translation>Ya hay un conjunto de entrenamiento en {folder}. Elija otra carpeta.</translation>
  </message>
  <message>
   <source>There is no band {band}: the layer has {count}.</source>
   <translation>No hay banda {band}: la capa tiene {count}.</translation>
  </message>
  <message>
   <source>There is no folder of wheels {folder}.</source>
   <translation>No existe la carpeta de wheels {folder}.</translation>
  </message>
  <message>
   <source>There is no folder {folder}; choose another output.</source>
   <translation>No existe la carpeta {folder}; elija otra salida.</translation>
  </message>
  <message>
   <source>There is no image here: click into the water on it.</source>
   <translation>Aquí no hay imagen: pulse en el agua que hay en ella.</translation>
  </message>
  <message>
   <source>There is no package of PyTorch or of another library for this Python and computer. Use Python 3.11 to 3.13 on 64 bits.</source>
   <translation>No hay paquete de PyTorch o de otra biblioteca para este Python y este equipo. Use Python 3.11 a 3.13 de 64 bits.</translation>
  </message>
  <message>
   <source>There is no polygon layer in the project.</source>
   <translation>No hay ninguna capa de polígonos en el proyecto.</translation>
  </message>
  <message>
   <source>There is no server yet: give its address in the options of waterseg.</source>
   <translation>Aún no hay servidor: indique su dirección en las opciones de waterseg.</translation>
  </message>
  <message>
   <source>There is no training set in {folder}.</source>
   <translation>No hay ningún conjunto de entrenamiento en {folder}.</translation>
  </message>
  <message>
   <source>There is no water in this chip: it is labelled, though nothing is drawn.</source>
   <translation>En este recorte no hay agua: está etiquetado, aunque no haya nada dibujado.</translation>
  </message>
  <message>
   <source>There is not enough room: {folder} needs {need:.1f} GB, and {free:.1f} GB are free. Make room, or choose another folder.</source>
   <translation>No hay sitio: {folder} necesita {need:.1f} GB y hay {free:.1f} GB libres. Haga sitio o elija otra carpeta.</translation>
  </message>
  <message>
   <source>This Python lacks the module venv. On Debian or Ubuntu: sudo apt install python3-venv.</source>
   <translation>A este Python le falta el módulo venv. En Debian o Ubuntu: sudo apt install python3-venv.</translation>
  </message>
  <message>
   <source>This area lies outside the layer.</source>
   <translation>Esta zona está fuera de la capa.</translation>
  </message>
  <message>
   <source>This chip is in the set, whatever the ratio of dry ones says.</source>
   <translation>Este recorte va en el conjunto, diga lo que diga la proporción de secos.</translation>
  </message>
  <message>
   <source>This chip is not in the set.</source>
   <translation>Este recorte no va en el conjunto.</translation>
  </message>
  <message>
   <source>This computer</source>
   <translation>Este equipo</translation>
  </message>
  <message>
   <source>This copy of the plugin has no engine in it. Install the plugin from the zip that make package builds, or choose a Python in which waterseg is installed.</source>
   <translation>Esta copia del complemento no lleva motor. Instale el complemento desde el zip que crea make package, o elija un Python en el que waterseg esté instalado.</translation>
  </message>
  <message>
   <source>This engine does not train models: it is not allowed there, or too old.</source>
   <translation>Este motor no entrena modelos: no está permitido allí, o es demasiado antiguo.</translation>
  </message>
  <message>
   <source>This is not water (R)</source>
   <translation>Esto no es agua (R)</translation>
  </message>
  <message>
   <source>This is water as it is (A)</source>
   <translation>Esto es agua tal como está (A)</translation>
  </message>
  <message>
   <source>This is what it will take:</source>
   <translation>Esto es lo que costará:</translation>
  </message>
  <message>
   <source>This layer cannot be read.</source>
   <translation>Esta capa no se puede leer.</translation>
  </message>
  <message>
   <source>This layer has no pixels of its own: the size of a pixel in which it is looked at.</source>
   <translation>Esta capa no tiene píxeles propios: el tamaño de píxel con el que se mira.</translation>
  </message>
  <message>
   <source>Threshold</source>
   <translation>Umbral</translation>
  </message>
  <message>
   <source>Threshold (0 to 1)</source>
   <translation>Umbral (de 0 a 1)</translation>
  </message>
  <message>
   <source>Time limit</source>
   <translation>Límite de tiempo</translation>
  </message>
  <message>
   <source>Time limit (minutes; 0 for none)</source>
   <translation>Límite de tiempo (minutos; 0 para ninguno)</translation>
  </message>
  <message>
   <source>Tokens in a grid</source>
   <translation>Tokens en una rejilla</translation>
  </message>
  <message>
   <source>Tolerance</source>
   <translation>Tolerancia</translation>
  </message>
  <message>
   <source>Tolerance {number}</source>
   <translation>Tolerancia {number}</translation>
  </message>
  <message>
   <source>Train</source>
   <translation>Entrenar</translation>
  </message>
  <message>
   <source>Train so many times from different seeds, within the same time, and keep the best on the validation chips.</source>
   <translation>Entrenar tantas veces con semillas distintas, en el mismo tiempo, y conservar el mejor en los recortes de validación.</translation>
  </message>
  <message>
   <source>Trained from</source>
   <translation>Entrenado a partir de</translation>
  </message>
  <message>
   <source>Trained from {base}</source>
   <translation>Entrenado a partir de {base}</translation>
  </message>
  <message>
   <source>Trained from {base} on {data}</source>
   <translation>Entrenado a partir de {base} con {data}</translation>
  </message>
  <message>
   <source>Trained on</source>
   <translation>Entrenado con</translation>
  </message>
  <message>
   <source>Trained on {data}</source>
   <translation>Entrenado con {data}</translation>
  </message>
  <message>
   <source>Training</source>
   <translation>Entrenamiento</translation>
  </message>
  <message>
   <source>Training set</source>
   <translation>Conjunto</translation>
  </message>
  <message>
   <source>Training set for {name}</source>
   <translation>Conjunto de entrenamiento para {name}</translation>
  </message>
  <message>
   <source>Training set of {layer}</source>
   <translation>Conjunto de entrenamiento de {layer}</translation>
  </message>
  <message>
   <source>Trains a model on a training set, and says whether it is better</source>
   <translation>Entrena un modelo con un conjunto de entrenamiento y dice si es mejor</translation>
  </message>
  <message>
   <source>Trains a model on a training set, and says whether it is better.</source>
   <translation>Entrena un modelo con un conjunto de entrenamiento y dice si es mejor.</translation>
  </message>
  <message>
   <source>Trains a model on a training set, as Build training set writes it. The new model has a name of its own; the one that it starts from stays as it is.

On the way the model is measured on the set's validation chips, and the best one is kept. At the end one sentence says whether it is better than the one before. Then it can be chosen as a model in Segment water.

The training runs in the engine, on this computer or on a server. Watch the curves, and stop or resume a training, in the panel Fine-tune.</source>
   <translation>Entrena un modelo con un conjunto de entrenamiento como lo escribe «Crear conjunto de entrenamiento». El nuevo modelo tiene un nombre propio; aquel del que parte queda como está.

Por el camino el modelo se mide en los recortes de validación, y se conserva el mejor. Al final una frase dice si es mejor que el anterior. Después se puede elegir en «Segmentar agua».

El entrenamiento corre en el motor, en este ordenador o en un servidor. Las curvas se ven en el panel «Ajuste fino», donde se puede detener y reanudar.</translation>
  </message>
  <message>
   <source>Try again</source>
   <translation>Reintentar</translation>
  </message>
  <message>
   <source>Trying it</source>
   <translation>Probándolo</translation>
  </message>
  <message>
   <source>Turns an image and drawn water into chips and texts that a model learns from.</source>
   <translation>Convierte una imagen y agua dibujada en recortes y textos de los que aprende un modelo.</translation>
  </message>
  <message>
   <source>Turns drawn water into chips and texts that a model learns from</source>
   <translation>Convierte agua dibujada en recortes y textos de los que aprende un modelo</translation>
  </message>
  <message>
   <source>Two models are being compared already. Wait, or cancel that.</source>
   <translation>Ya se están comparando dos modelos. Espere, o cancélelo.</translation>
  </message>
  <message>
   <source>Under which licence the image and your drawing may be used.</source>
   <translation>Bajo qué licencia se pueden usar la imagen y su dibujo.</translation>
  </message>
  <message>
   <source>Undo</source>
   <translation>Deshacer</translation>
  </message>
  <message>
   <source>Undo (Ctrl+Z)</source>
   <translation>Deshacer (Ctrl+Z)</translation>
  </message>
  <message>
   <source>Unpacking…</source>
   <translation>Desempaquetando…</translation>
  </message>
  <message>
   <source>Use it all the same</source>
   <translation>Usarlo de todos modos</translation>
  </message>
  <message>
   <source>Use the colours that QGIS draws instead of the values</source>
   <translation>Usar los colores que dibuja QGIS en lugar de los valores</translation>
  </message>
  <message>
   <source>Use this model</source>
   <translation>Usar este modelo</translation>
  </message>
  <message>
   <source>Validation</source>
   <translation>Validación</translation>
  </message>
  <message>
   <source>Validation IoU {iou} after step {step}.</source>
   <translation>IoU de validación {iou} tras el paso {step}.</translation>
  </message>
  <message>
   <source>Validation chips: the image, what is drawn, what the model says</source>
   <translation>Recortes de validación: la imagen, lo dibujado, lo que dice el modelo</translation>
  </message>
  <message>
   <source>Value without data: auto, none, or a number (auto)</source>
   <translation>Valor sin datos: auto, none o un número (auto)</translation>
  </message>
  <message>
   <source>Values of bands are read from the file, and one contrast is worked out for the whole area. Colours as on the map are what your layer style shows.</source>
   <translation>Los valores de las bandas se leen del archivo y se calcula un solo contraste para toda la zona. Los colores como en el mapa son lo que muestra el estilo de su capa.</translation>
  </message>
  <message>
   <source>Values of these bands</source>
   <translation>Valores de estas bandas</translation>
  </message>
  <message>
   <source>Warnings</source>
   <translation>Advertencias</translation>
  </message>
  <message>
   <source>Water</source>
   <translation>Agua</translation>
  </message>
  <message>
   <source>Water found by waterseg.</source>
   <translation>Agua encontrada por waterseg.</translation>
  </message>
  <message>
   <source>Water in {layer}</source>
   <translation>Agua en {layer}</translation>
  </message>
  <message>
   <source>What came of it</source>
   <translation>Qué resultó</translation>
  </message>
  <message>
   <source>What drawn water is called; several kinds as in 'lake ; river'.</source>
   <translation>Cómo se llama el agua dibujada; varias clases como en 'lake ; river'.</translation>
  </message>
  <message>
   <source>What it is</source>
   <translation>Qué es</translation>
  </message>
  <message>
   <source>What the model will be asked, in English.</source>
   <translation>Lo que se preguntará al modelo, en inglés.</translation>
  </message>
  <message>
   <source>What the new model is called in lists: letters, digits, - _ .</source>
   <translation>Cómo se llama el nuevo modelo en las listas: letras, cifras, - _ .</translation>
  </message>
  <message>
   <source>What the tokens can say</source>
   <translation>Lo que los tokens pueden decir</translation>
  </message>
  <message>
   <source>What the tokens say</source>
   <translation>Lo que dicen los tokens</translation>
  </message>
  <message>
   <source>What the water is called ('lake ; river' for several)</source>
   <translation>Cómo se llama el agua ('lake ; river' para varias)</translation>
  </message>
  <message>
   <source>What this computer has cannot be found out: {why}</source>
   <translation>No se puede averiguar qué tiene este equipo: {why}</translation>
  </message>
  <message>
   <source>What to look for</source>
   <translation>Qué buscar</translation>
  </message>
  <message>
   <source>What to look for, in English, as the model learned it. Several things with ' ; ' between them, as in 'segment lake ; river'.</source>
   <translation>Qué buscar, en inglés, como lo aprendió el modelo. Varias cosas con ' ; ' entre ellas, como en 'segment lake ; river'.</translation>
  </message>
  <message>
   <source>What was drawn on {layer} could not be saved: {why}</source>
   <translation>No se pudo guardar lo dibujado en {layer}: {why}</translation>
  </message>
  <message>
   <source>What you draw is called so.</source>
   <translation>Así se llama lo que dibuja.</translation>
  </message>
  <message>
   <source>Wheel folder</source>
   <translation>Carpeta de wheels</translation>
  </message>
  <message>
   <source>Where all water is drawn. Outside, nothing is taken for dry land.</source>
   <translation>Dónde está dibujada toda el agua. Fuera, nada se toma por tierra seca.</translation>
  </message>
  <message>
   <source>Where everything is labelled (the whole image)</source>
   <translation>Dónde está todo etiquetado (toda la imagen)</translation>
  </message>
  <message>
   <source>Where the model computes. Automatic takes the fastest there is.</source>
   <translation>Dónde calcula el modelo. Automático toma lo más rápido que haya.</translation>
  </message>
  <message>
   <source>Where the model runs</source>
   <translation>Dónde se ejecuta el modelo</translation>
  </message>
  <message>
   <source>Whether it is better</source>
   <translation>Si es mejor</translation>
  </message>
  <message>
   <source>Whole layer</source>
   <translation>Toda la capa</translation>
  </message>
  <message>
   <source>Windows lacks the Visual C++ runtime. Install "Microsoft Visual C++ Redistributable" and try again.</source>
   <translation>A Windows le falta el entorno de ejecución de Visual C++. Instale "Microsoft Visual C++ Redistributable" e inténtelo otra vez.</translation>
  </message>
  <message>
   <source>Working the chips out…</source>
   <translation>Calculando los recortes…</translation>
  </message>
  <message>
   <source>Write</source>
   <translation>Escribir</translation>
  </message>
  <message>
   <source>Write anew</source>
   <translation>Escribir de nuevo</translation>
  </message>
  <message>
   <source>Write one with Build training set.</source>
   <translation>Escriba uno con «Crear conjunto de entrenamiento».</translation>
  </message>
  <message>
   <source>Write the polygons as GeoJSON in longitude and latitude (RFC 7946).</source>
   <translation>Escribir los polígonos como GeoJSON en longitud y latitud (RFC 7946).</translation>
  </message>
  <message>
   <source>Write the training set</source>
   <translation>Escribir el conjunto de entrenamiento</translation>
  </message>
  <message>
   <source>Writing the new model…</source>
   <translation>Escribiendo el nuevo modelo…</translation>
  </message>
  <message>
   <source>Writing the result…</source>
   <translation>Escribiendo el resultado…</translation>
  </message>
  <message>
   <source>Written: {summary}.</source>
   <translation>Escrito: {summary}.</translation>
  </message>
  <message>
   <source>Your own</source>
   <translation>Propios</translation>
  </message>
  <message>
   <source>Zoom to the result</source>
   <translation>Acercar al resultado</translation>
  </message>
  <message>
   <source>a GPU with {size} GB</source>
   <translation>una GPU con {size} GB</translation>
  </message>
  <message>
   <source>about {size}</source>
   <translation>unos {size}</translation>
  </message>
  <message>
   <source>about {size}, {free} are free</source>
   <translation>unos {size}, hay {free} libres</translation>
  </message>
  <message>
   <source>about {time}</source>
   <translation>unos {time}</translation>
  </message>
  <message>
   <source>any computer</source>
   <translation>cualquier ordenador</translation>
  </message>
  <message>
   <source>before</source>
   <translation>antes</translation>
  </message>
  <message>
   <source>chosen in the options</source>
   <translation>elegido en las opciones</translation>
  </message>
  <message>
   <source>epoch {epoch}</source>
   <translation>época {epoch}</translation>
  </message>
  <message>
   <source>for NVIDIA graphics cards</source>
   <translation>para tarjetas gráficas NVIDIA</translation>
  </message>
  <message>
   <source>for the processor (CPU)</source>
   <translation>para el procesador (CPU)</translation>
  </message>
  <message>
   <source>it does not answer</source>
   <translation>no responde</translation>
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
   <translation>necesita {device}</translation>
  </message>
  <message>
   <source>no NVIDIA graphics card was found</source>
   <translation>no se encontró ninguna tarjeta gráfica NVIDIA</translation>
  </message>
  <message>
   <source>no better than the model before</source>
   <translation>no mejor que el modelo anterior</translation>
  </message>
  <message>
   <source>none</source>
   <translation>ninguno</translation>
  </message>
  <message>
   <source>not ready</source>
   <translation>no está listo</translation>
  </message>
  <message>
   <source>of another version</source>
   <translation>de otra versión</translation>
  </message>
  <message>
   <source>pip cannot go through a SOCKS5 proxy. Set an HTTP proxy in QGIS (Settings, Options, Network), or give a folder of wheels in the options.</source>
   <translation>pip no puede pasar por un proxy SOCKS5. Configure en QGIS un proxy HTTP (Configuración, Opciones, Red), o indique en las opciones una carpeta de wheels.</translation>
  </message>
  <message>
   <source>seed {seed}</source>
   <translation>semilla {seed}</translation>
  </message>
  <message>
   <source>starting the engine…</source>
   <translation>arrancando el motor…</translation>
  </message>
  <message>
   <source>stops after this epoch</source>
   <translation>para tras esta época</translation>
  </message>
  <message>
   <source>the driver of the NVIDIA graphics card does not answer</source>
   <translation>el controlador de la tarjeta gráfica NVIDIA no responde</translation>
  </message>
  <message>
   <source>the tokens carry IoU {iou}</source>
   <translation>los tokens llevan IoU {iou}</translation>
  </message>
  <message>
   <source>there is no {name} in it</source>
   <translation>no contiene {name}</translation>
  </message>
  <message>
   <source>water,evaluation,accuracy,IoU,F1,test,compare,model,report</source>
   <translation>agua,evaluación,exactitud,IoU,F1,prueba,comparar,modelo,informe</translation>
  </message>
  <message>
   <source>water,lake,river,polygon,vectorize,segmentation,satellite,deep learning</source>
   <translation>agua,lago,río,polígono,vectorizar,segmentación,satélite,aprendizaje profundo</translation>
  </message>
  <message>
   <source>water,training,dataset,labels,masks,chips,PaliGemma,fine-tune</source>
   <translation>agua,entrenamiento,conjunto de datos,etiquetas,máscaras,recortes,PaliGemma,ajuste fino</translation>
  </message>
  <message>
   <source>water,training,fine-tune,model,learn,PaliGemma,deep learning</source>
   <translation>agua,entrenamiento,ajuste fino,modelo,aprender,PaliGemma,aprendizaje profundo</translation>
  </message>
  <message>
   <source>waterseg has no engine on this computer yet. Set it up, or connect to a server, in the options of waterseg.</source>
   <translation>waterseg aún no tiene motor en este equipo. Prepárelo, o conéctese a un servidor, en las opciones de waterseg.</translation>
  </message>
  <message>
   <source>waterseg has no engine yet. Set it up, or connect to a server, in Settings, Options, waterseg.</source>
   <translation>waterseg aún no tiene motor. Prepárelo, o conéctese a un servidor, en Configuración, Opciones, waterseg.</translation>
  </message>
  <message>
   <source>waterseg has no engine yet. Set it up, or connect to a server.</source>
   <translation>waterseg aún no tiene motor. Prepárelo, o conéctese a un servidor.</translation>
  </message>
  <message>
   <source>waterseg needs a Python environment of its own. It goes into one folder; neither QGIS nor the Python of this computer is changed, and Remove in the options deletes it again.</source>
   <translation>waterseg necesita un entorno de Python propio. Va en una carpeta; no se cambia ni QGIS ni el Python de este equipo, y Quitar en las opciones lo borra de nuevo.</translation>
  </message>
  <message>
   <source>waterseg {version} answers. Device: {device}. Models: {models}.</source>
   <translation>waterseg {version} responde. Dispositivo: {device}. Modelos: {models}.</translation>
  </message>
  <message>
   <source>waterseg {version} on {device}</source>
   <translation>waterseg {version} en {device}</translation>
  </message>
  <message>
   <source>{best}; before {iou}</source>
   <translation>{best}; antes {iou}</translation>
  </message>
  <message>
   <source>{billions} billion parameters</source>
   <translation>{billions} mil millones de parámetros</translation>
  </message>
  <message>
   <source>{blank} of {all} pictures of {layer} were blank: there it is not known whether there is water.</source>
   <translation>{blank} de {all} imágenes de {layer} estaban en blanco: ahí no se sabe si hay agua.</translation>
  </message>
  <message>
   <source>{bodies}, {area:,.2f} km²</source>
   <translation>{bodies}, {area:,.2f} km²</translation>
  </message>
  <message>
   <source>{chips}, {wet} with water</source>
   <translation>{chips}, {wet} con agua</translation>
  </message>
  <message>
   <source>{chips}: {wet} with water, {dry} dry</source>
   <translation>{chips}: {wet} con agua, {dry} secos</translation>
  </message>
  <message>
   <source>{days} days</source>
   <translation>{days} días</translation>
  </message>
  <message>
   <source>{done} of {total} chips</source>
   <translation>{done} de {total} recortes</translation>
  </message>
  <message>
   <source>{done} of {total} tiles</source>
   <translation>{done} de {total} teselas</translation>
  </message>
  <message>
   <source>{engine} answered something that waterseg does not understand. Is it a waterseg server?</source>
   <translation>{engine} respondió algo que waterseg no entiende. ¿Es un servidor de waterseg?</translation>
  </message>
  <message>
   <source>{engine} answered with HTTP status {status} and no word from waterseg. Check the address of the server and what stands between.</source>
   <translation>{engine} respondió con el estado HTTP {status} y sin una palabra de waterseg. Compruebe la dirección del servidor y lo que haya en medio.</translation>
  </message>
  <message>
   <source>{engine} broke off in the middle of an answer.</source>
   <translation>{engine} se cortó en mitad de una respuesta.</translation>
  </message>
  <message>
   <source>{engine} does not accept the token. Choose the right authentication in the options of waterseg.</source>
   <translation>{engine} no acepta el token. Elija la autenticación correcta en las opciones de waterseg.</translation>
  </message>
  <message>
   <source>{engine} does not answer within {seconds} seconds.</source>
   <translation>{engine} no responde en {seconds} segundos.</translation>
  </message>
  <message>
   <source>{engine} is busy.</source>
   <translation>{engine} está ocupado.</translation>
  </message>
  <message>
   <source>{engine} is not running any more.</source>
   <translation>{engine} ya no está en marcha.</translation>
  </message>
  <message>
   <source>{engine} refused with HTTP status {status}.</source>
   <translation>{engine} lo rechazó con el estado HTTP {status}.</translation>
  </message>
  <message>
   <source>{engine} runs waterseg {version}, which speaks protocol {theirs}; this plugin speaks protocol {ours}. Update the older of the two.</source>
   <translation>{engine} tiene waterseg {version}, que habla el protocolo {theirs}; este complemento habla el protocolo {ours}. Actualice el más antiguo de los dos.</translation>
  </message>
  <message>
   <source>{folder} is in use and cannot be removed. Close other QGIS windows first.</source>
   <translation>{folder} está en uso y no se puede quitar. Cierre antes otras ventanas de QGIS.</translation>
  </message>
  <message>
   <source>{folder} is not a whole training set.</source>
   <translation>{folder} no es un conjunto de entrenamiento completo.</translation>
  </message>
  <message>
   <source>{folder} is not empty. Choose a new folder for the training set.</source>
   <translation>{folder} no está vacía. Elija una carpeta nueva para el conjunto de entrenamiento.</translation>
  </message>
  <message>
   <source>{folder} is removed.</source>
   <translation>{folder} se ha quitado.</translation>
  </message>
  <message>
   <source>{folder} was not made by waterseg, so it is left alone. Choose another folder for the engine.</source>
   <translation>{folder} no fue creada por waterseg, así que no se toca. Elija otra carpeta para el motor.</translation>
  </message>
  <message>
   <source>{found} found.</source>
   <translation>Encontrado: {found}.</translation>
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
   <translation>{layer} (hasta ahora)</translation>
  </message>
  <message>
   <source>{layer} cannot be changed. Is its file read-only?</source>
   <translation>No se puede modificar {layer}. ¿Es su archivo de solo lectura?</translation>
  </message>
  <message>
   <source>{layer} cannot be drawn.</source>
   <translation>{layer} no se puede dibujar.</translation>
  </message>
  <message>
   <source>{layer} cannot be opened: its file is gone or its server does not answer.</source>
   <translation>{layer} no se puede abrir: su archivo ya no está o su servidor no responde.</translation>
  </message>
  <message>
   <source>{layer} cannot be read. Its file may be damaged, incomplete or out of reach.</source>
   <translation>{layer} no se puede leer. Su archivo puede estar dañado, incompleto o inaccesible.</translation>
  </message>
  <message>
   <source>{layer} gave no picture of this area: its server does not answer, or has none at this place and resolution. {trouble}</source>
   <translation>{layer} no dio ninguna imagen de esta zona: su servidor no responde, o no tiene ninguna en este lugar y resolución. {trouble}</translation>
  </message>
  <message>
   <source>{layer} has changed since the run began, so it cannot go on. Start it anew.</source>
   <translation>{layer} ha cambiado desde que empezó la ejecución, así que no puede seguir. Empiécela de nuevo.</translation>
  </message>
  <message>
   <source>{layer} has no CRS, and GeoJSON needs a place on Earth. Give the layer its CRS first.</source>
   <translation>{layer} no tiene SRC, y GeoJSON necesita un lugar en la Tierra. Dé antes a la capa su SRC.</translation>
  </message>
  <message>
   <source>{layer} has no field {field}; choose another one for the labels.</source>
   <translation>{layer} no tiene el campo {field}; elija otro para las etiquetas.</translation>
  </message>
  <message>
   <source>{layer} has no pixels of its own: say how many metres a pixel shall be.</source>
   <translation>{layer} no tiene píxeles propios: diga cuántos metros mide un píxel.</translation>
  </message>
  <message>
   <source>{layer} has no place for suggestions. In the step Draw, draw into a new GeoPackage.</source>
   <translation>{layer} no tiene sitio para sugerencias. En el paso Dibujar, dibuje en un GeoPackage nuevo.</translation>
  </message>
  <message>
   <source>{layer} has no polygons: water is drawn as polygons.</source>
   <translation>{layer} no tiene polígonos: el agua se dibuja como polígonos.</translation>
  </message>
  <message>
   <source>{layer}: water so far</source>
   <translation>{layer}: agua hasta ahora</translation>
  </message>
  <message>
   <source>{layer}: {done} of {total} tiles</source>
   <translation>{layer}: {done} de {total} teselas</translation>
  </message>
  <message>
   <source>{millions} million parameters</source>
   <translation>{millions} millones de parámetros</translation>
  </message>
  <message>
   <source>{minutes} min</source>
   <translation>{minutes} min</translation>
  </message>
  <message>
   <source>{model} cannot be compared with itself: choose two models.</source>
   <translation>{model} no se puede comparar consigo mismo: elija dos modelos.</translation>
  </message>
  <message>
   <source>{model} is ready</source>
   <translation>{model} está listo</translation>
  </message>
  <message>
   <source>{model} looks for water: {done} of {total} tiles</source>
   <translation>{model} busca agua: {done} de {total} teselas</translation>
  </message>
  <message>
   <source>{model} looks for water…</source>
   <translation>{model} busca agua…</translation>
  </message>
  <message>
   <source>{model}: IoU {before} → {after}</source>
   <translation>{model}: IoU {before} → {after}</translation>
  </message>
  <message>
   <source>{model}: water in {layer}</source>
   <translation>{model}: agua en {layer}</translation>
  </message>
  <message>
   <source>{model}: {bodies}.</source>
   <translation>{model}: {bodies}.</translation>
  </message>
  <message>
   <source>{name!r} is no name for a model: take letters from a to z, digits, '-', '_' and '.', {most} at most, a letter or digit first.</source>
   <translation>{name!r} no es un nombre para un modelo: use letras de la a a la z, cifras, '-', '_' y '.', {most} como máximo, empezando por una letra o cifra.</translation>
  </message>
  <message>
   <source>{name} is not finished yet: resume it, or write another one.</source>
   <translation>{name} no está terminado: reanúdelo o escriba otro.</translation>
  </message>
  <message>
   <source>{name} is trained, but not better: see the panel.</source>
   <translation>{name} está entrenado, pero no es mejor: vea el panel.</translation>
  </message>
  <message>
   <source>{name} is trained: see the panel.</source>
   <translation>{name} está entrenado: vea el panel.</translation>
  </message>
  <message>
   <source>{path} cannot be written: {why}</source>
   <translation>No se puede escribir {path}: {why}</translation>
  </message>
  <message>
   <source>{path} cannot be written: {why}. Resume the run to try again.</source>
   <translation>{path} no se puede escribir: {why}. Reanude la ejecución para intentarlo otra vez.</translation>
  </message>
  <message>
   <source>{path} is not there any more. Was the training set moved or deleted?</source>
   <translation>{path} ya no está. ¿Se ha movido o borrado el conjunto de entrenamiento?</translation>
  </message>
  <message>
   <source>{path} is there already and has no labels in it. Choose another file.</source>
   <translation>{path} ya existe y no contiene etiquetas. Elija otro archivo.</translation>
  </message>
  <message>
   <source>{path} must end in .gpkg, .geojson, .fgb or .parquet.</source>
   <translation>{path} debe acabar en .gpkg, .geojson, .fgb o .parquet.</translation>
  </message>
  <message>
   <source>{percent} % sure</source>
   <translation>{percent} % seguro</translation>
  </message>
  <message>
   <source>{place} of {count}</source>
   <translation>{place} de {count}</translation>
  </message>
  <message>
   <source>{polygons}, in {path}</source>
   <translation>{polygons}, en {path}</translation>
  </message>
  <message>
   <source>{program} failed: {words}</source>
   <translation>{program} falló: {words}</translation>
  </message>
  <message>
   <source>{python} cannot be started: {why}</source>
   <translation>{python} no se puede iniciar: {why}</translation>
  </message>
  <message>
   <source>{seconds} s</source>
   <translation>{seconds} s</translation>
  </message>
  <message>
   <source>{seconds} s per tile</source>
   <translation>{seconds} s por tesela</translation>
  </message>
  <message>
   <source>{server} cannot be reached through the proxy {proxy}: {why}. Check the proxy in QGIS (Settings, Options, Network).</source>
   <translation>No se puede llegar a {server} a través del proxy {proxy}: {why}. Compruebe el proxy en QGIS (Configuración, Opciones, Red).</translation>
  </message>
  <message>
   <source>{server} cannot be reached: {why}.</source>
   <translation>No se puede llegar a {server}: {why}.</translation>
  </message>
  <message>
   <source>{server} is not trusted: {why}. If an authority of your own signed its certificate, add that one in QGIS (Settings, Options, Authentication).</source>
   <translation>{server} no es de confianza: {why}. Si una autoridad propia firmó su certificado, añada el de esa autoridad en QGIS (Configuración, Opciones, Autenticación).</translation>
  </message>
  <message>
   <source>{text} is no split: write three whole numbers, as in 80,10,10.</source>
   <translation>{text} no es un reparto: escriba tres números enteros, como en 80,10,10.</translation>
  </message>
  <message>
   <source>{time} left</source>
   <translation>quedan {time}</translation>
  </message>
  <message>
   <source>{why} Trying again…</source>
   <translation>{why} Intentándolo otra vez…</translation>
  </message>
  <message>
   <source>{why} What is finished is kept: resume the run when it is back.</source>
   <translation>{why} Lo terminado se conserva: reanude la ejecución cuando vuelva.</translation>
  </message>
 </context>
</TS>
