"""Parts of invented company names."""

TABLE = """
stems = Alpha | Nord | Omni | Vita | Tec | Euro | Prime | Blue | Red | Star | Sun | Global | Inter | Uni | Max | Eco | Metro
+ Delta | Nova | Terra | Aqua | Solar | Lumi | Ferro | Pro | Quantum | Apex | Vertex | Orion | Atlas | Zenith | Pixel
+ Cargo | Agro | Bio | Hydro | Micro | Rapid | Royal | Silver | Green | Polar | Urban | Astra | Cobalt
ends = tec | line | soft | works | ware | flex | net | form | plan | dyn | mark | pack | serv | max | trade | con | lab
+ com | point | gate | wave
"""
