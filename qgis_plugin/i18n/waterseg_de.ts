<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
 <context>
  <name>waterseg</name>
  <message>
   <source> m per pixel</source>
   <translation type="unfinished" />
  </message>
  <message numerus="yes">
   <source>%n selected polygon(s)</source>
   <translation type="unfinished">
    <numerusform />
    <numerusform />
   </translation>
  </message>
  <message numerus="yes">
   <source>%n tile(s)</source>
   <translation type="unfinished">
    <numerusform />
    <numerusform />
   </translation>
  </message>
  <message numerus="yes">
   <source>%n water bodies</source>
   <translation type="unfinished">
    <numerusform />
    <numerusform />
   </translation>
  </message>
  <message numerus="yes">
   <source>%n water bodies found.</source>
   <translation type="unfinished">
    <numerusform />
    <numerusform />
   </translation>
  </message>
  <message>
   <source>1000 m²</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>A folder of Python wheels, for a computer without a network: set up and repair take every package from there.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>A rectangle on the map</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>A server</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Access</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Add an image to the project: Layer, Add Layer, Add Raster Layer.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Address</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Apple graphics (MPS)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Area</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Area (all of the layer)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Area (m²)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Asking the engine of waterseg</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Asking…</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Asks the engine for its model, device and version.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Automatic</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Bands</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Bands that are red, green and blue, or one (as the layer shows)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Blue</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Cancel</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Cancelled while the engine was starting.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Cancelled.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Cancelled. Resume the run to go on where it stopped.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Cancelling…</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Choose a raster layer.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Choose a raster layer: waterseg looks at pixels.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Choose one band, or three for red, green and blue.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Colours as on the map</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Commands</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Confidence (0 to 1)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Connect to a server…</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Contrast: auto, none, minmax, percentile, or LO,HI (auto)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Copies a report for a bug report to the clipboard. It holds no secrets.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Copy diagnostics</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Device</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Download</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Download and install</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Drag a rectangle on the map. Press Esc to stop drawing.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Draw a rectangle on the map.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Draw…</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Engine</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Export as GeoJSON</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Export as GeoJSON…</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Exported to {path}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Fill islands smaller than this (m²; 0)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Find water in your images</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Finds the water in a satellite or aerial image and gives polygons with their area, shoreline and confidence, in the CRS of the layer.

Works with files of any type and number of bands, and with WMS, WMTS and XYZ layers, which need a resolution.

The model runs in an engine outside QGIS, on this computer or on a server. Set it up once in Settings, Options, waterseg.

Cancelled runs can be resumed in the panel Segment water.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Finds water in a raster layer and gives polygons.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Finds water in a raster layer and gives you polygons</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Folder</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>For a server with a token: make a configuration of the type API Header with the header Authorization and the value Bearer, a space, and the token. QGIS keeps it encrypted. Pixels of your layer are sent to this server.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Forget the unfinished run</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Found: choose one from the list.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>From which probability a pixel is water. Lower finds more water, and more that is none.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>GeoPackage</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Go on where the run stopped, with its own options.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Green</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>How much neighbouring tiles share. More is slower and finds a little more.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Image</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Install</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Installs the engine anew in its own environment.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>IoU {value} on held-out images</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Islands</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Joining the polygons…</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Layer</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Leave out water smaller than this (m²; 1000)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Leaves out corners that are closer than this to the straight line, in metres. 0 keeps the outline exact.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Log</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Look for</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Looking at what this computer has…</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Looking for Python</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Looking for water…</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Looking…</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Looks for Pythons that have the engine.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Made (UTC)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Made by waterseg on {date}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>May go on beyond the image</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Model</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Model (the engine's own choice)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>More options</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>NVIDIA graphics card (CUDA)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Needs its address and perhaps a token. Pixels of your layer are sent there.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>No CRS: sizes are in pixels, and the result has no place on Earth.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>No Python here has the engine. Set it up, above.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Not finished: {title}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Not needed with a network</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Not set up yet.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Nothing: the wheels come from your folder</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Number</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>On the disk</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Only polygons can say where to look. Select at least one.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Only this part of the layer is searched for water.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Open log</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Options: where the model runs</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Options…</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Overlap of tiles</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Overlap of tiles, as a fraction (0.25)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Pixel size</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Pixels</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Probability from which a pixel is water (the model's own)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Processor (CPU)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Prompt</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>PyTorch</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Python</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Red</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Remove the engine</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Remove the environment in {folder}? Your layers and results stay.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Removes the environment that waterseg made.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Remove…</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Removing…</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Repair…</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Resolution (metres per pixel; needed for WMS, WMTS and XYZ)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Resume</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Revision of the model</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Round pixel corners over this length (m; 0)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Rounds the corners of pixels over this length, in metres. 0 keeps them.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Run</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Run anew</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Save the water polygons</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Save to</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Search</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Segment water</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Segment water: find water in a raster layer</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Segment water…</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Select polygons in this layer first.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Selected polygons</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Set up in {folder}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Set up on this computer…</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Set up waterseg on this computer</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Set up: {path}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Set up…</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Shoreline (m)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Shows what is downloaded, how much and where to, before anything happens.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Simplify</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Simplify outlines within this distance (m; 0)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Smaller islands become water, in square metres. 0 keeps every island.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Smaller water bodies are left out, in square metres on the ground.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Smallest island</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Smallest water body</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Smooth</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Something unexpected went wrong: {why}. The log says more.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Starting the engine with {python}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Starting the engine…</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Starting…</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Stop now. What is finished is kept, and you can resume.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Temporary file</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Test</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The GeoPackage that gets the water polygons. Left empty, it is a temporary file, which is gone when QGIS ends.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The Python that runs the engine. Left empty, it is the environment that waterseg made. Another one must have the package waterseg-core.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The address that whoever runs the server told you.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The area has {pixels:,} pixels; the engine takes at most {most:,}. Choose a smaller area or larger pixels.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The chosen area cannot be found in the layer {layer}: {why}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The chosen area lies outside the layer. Choose another area.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The chosen polygons lie outside the chosen area.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The engine did not start: {python} said nothing. Choose or make another Python environment in the options of waterseg.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The engine does not have this run any more; it starts anew.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The engine gave up on the run.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The engine is set up. You can close this window and press Run.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The engine on this computer stopped: {words}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The environment that waterseg made</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The image in which water is looked for.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The layer's bands hold complex numbers or colours, which have no value as such.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The model that comes with waterseg</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The model that finds water runs in a program of its own, the engine, so that QGIS stays quick and safe. It is not set up yet: it can run on this computer, or on a server of your team.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The model that looks for water. Larger ones see more and need a GPU.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The model's own</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The polygon layer in which you have selected what is to be searched.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The report is on the clipboard.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The result {path} cannot be opened.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The run was taken off the task list.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>There is no band {band}: the layer has {count}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>There is no folder {folder}; choose another output.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>There is no polygon layer in the project.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>There is no server yet: give its address in the options of waterseg.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>This area lies outside the layer.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>This computer</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>This layer cannot be read.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>This layer has no pixels of its own: the size of a pixel in which it is looked at.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Threshold</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Threshold (0 to 1)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Try again</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Use the colours that QGIS draws instead of the values</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Value without data: auto, none, or a number (auto)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Values of bands are read from the file, and one contrast is worked out for the whole area. Colours as on the map are what your layer style shows.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Values of these bands</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Water</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Water found by waterseg.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Water in {layer}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>What it is</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>What the map shows</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>What to look for</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>What to look for, in English, as the model learned it. Several things with ' ; ' between them, as in 'segment lake ; river'.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Wheel folder</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Where the model computes. Automatic takes the fastest there is.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Where the model runs</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Whole layer</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Write the polygons as GeoJSON in longitude and latitude (RFC 7946).</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Writing the result…</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Zoom to the result</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>about {size}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>about {size}, {free} are free</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>about {time}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>for NVIDIA graphics cards</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>for the processor (CPU)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>m²</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>none</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>not ready</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>starting the engine…</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>water,lake,river,polygon,vectorize,segmentation,satellite,deep learning</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>waterseg has no engine on this computer yet. Set it up, or connect to a server, in the options of waterseg.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>waterseg has no engine yet. Set it up, or connect to a server, in Settings, Options, waterseg.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>waterseg looks for water with a model that runs outside QGIS, in the engine. Nothing else leaves QGIS.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>waterseg needs a Python environment of its own. It goes into one folder; neither QGIS nor the Python of this computer is changed, and Remove in the options deletes it again.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>waterseg {version} answers. Device: {device}. Models: {models}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>waterseg {version} on {device}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{blank} of {all} pictures of {layer} were blank: there it is not known whether there is water.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{bodies}, {area:,.2f} km²</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{days} days</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{done} of {total} tiles</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{hours} h</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{hours} h {minutes} min</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{layer} (so far)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{layer} cannot be drawn.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{layer} cannot be opened: its file is gone or its server does not answer.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{layer} cannot be read. Its file may be damaged, incomplete or out of reach.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{layer} gave no picture of this area: its server does not answer, or has none at this place and resolution. {trouble}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{layer} has changed since the run began, so it cannot go on. Start it anew.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{layer} has no CRS, and GeoJSON needs a place on Earth. Give the layer its CRS first.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{layer} has no pixels of its own: say how many metres a pixel shall be.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{layer}: water so far</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{layer}: {done} of {total} tiles</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{millions} million parameters</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{minutes} min</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{path} cannot be written: {why}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{path} cannot be written: {why}. Resume the run to try again.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{path} must end in .gpkg, .geojson, .fgb or .parquet.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{python} cannot be started: {why}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{seconds} s</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{seconds} s per tile</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{time} left</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{why} Trying again…</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{why} What is finished is kept: resume the run when it is back.</source>
   <translation type="unfinished" />
  </message>
 </context>
</TS>
