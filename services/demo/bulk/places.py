"""Towns, halls, trades and phrases of the bulk data, the most frequent first. Companies combine them."""

from typing import Final

from services.demo.bulk.names import listed

TOWNS: Final = listed(
    """
    75011 Paris,69003 Lyon,13008 Marseille,31000 Toulouse,33000 Bordeaux,44000 Nantes,79200 Parthenay
    67000 Strasbourg,59000 Lille,06000 Nice,34000 Montpellier,35000 Rennes,51100 Reims,37000 Tours
    42000 Saint-Étienne,76600 Le Havre,38000 Grenoble,21000 Dijon,49000 Angers,30000 Nîmes,83000 Toulon
    63000 Clermont-Ferrand,45000 Orléans,29200 Brest,72000 Le Mans,80000 Amiens,87000 Limoges,74000 Annecy
    57000 Metz,66000 Perpignan,25000 Besançon,86000 Poitiers,54000 Nancy,64000 Pau,17000 La Rochelle
    41000 Blois,14000 Caen,13100 Aix-en-Provence,68100 Mulhouse,76000 Rouen,56100 Lorient,29000 Quimper
    18000 Bourges,53000 Laval,16000 Angoulême,79000 Niort,12000 Rodez,46000 Cahors,81000 Albi
    26000 Valence,73000 Chambéry,71000 Mâcon,89000 Auxerre,10000 Troyes,08000 Charleville-Mézières
    88000 Épinal,90000 Belfort,39000 Lons-le-Saunier,01000 Bourg-en-Bresse,03000 Moulins,15000 Aurillac
    43000 Le Puy-en-Velay,48000 Mende,07000 Privas,84000 Avignon,04000 Digne-les-Bains,05000 Gap
    20000 Ajaccio,20200 Bastia,11000 Carcassonne,09000 Foix,65000 Tarbes,40000 Mont-de-Marsan,32000 Auch
    82000 Montauban,47000 Agen,24000 Périgueux,19000 Tulle,23000 Guéret,36000 Châteauroux,28000 Chartres
    61000 Alençon,50000 Saint-Lô,22000 Saint-Brieuc,56000 Vannes,85000 La Roche-sur-Yon,27000 Évreux
    60000 Beauvais,02000 Laon,62000 Arras,59140 Dunkerque,62100 Calais,55000 Bar-le-Duc,52000 Chaumont
    70000 Vesoul,58000 Nevers,94160 Saint-Mandé,78000 Versailles,92100 Boulogne-Billancourt
    93200 Saint-Denis,71600 Paray-le-Monial,64400 Oloron-Sainte-Marie,35400 Saint-Malo,64200 Biarritz
    06400 Cannes,13200 Arles,26200 Montélimar,41120 Candé-sur-Beuvron,37400 Amboise,49400 Saumur
    44600 Saint-Nazaire,85100 Les Sables-d'Olonne,17200 Royan,33120 Arcachon,40130 Capbreton
    29900 Concarneau,22300 Lannion,50400 Granville,14800 Deauville,76470 Le Tréport
    62520 Le Touquet-Paris-Plage,67600 Sélestat,68000 Colmar,74400 Chamonix,73120 Courchevel
    38520 Le Bourg-d'Oisans,04120 Castellane,83990 Saint-Tropez,20137 Porto-Vecchio
    97400 Saint-Denis de la Réunion,97200 Fort-de-France
    """
)
"""Postal code and name."""

TRADES: Final = listed(
    """
    Boulangerie,Menuiserie,Garage,Pharmacie,Cabinet,Librairie,Plomberie,Imprimerie,Transports,Maçonnerie
    Électricité,Restaurant,Boucherie,Traiteur,Fleurs,Optique,Domaine,Pépinières,Charpente,Ambulances
    Auto-école,Brasserie,Couverture,Ébénisterie,Fromagerie,Horlogerie,Hôtel,Jardins,Laboratoires,Meubles
    Métallerie,Parquets,Parfumerie,Pâtisserie,Peinture,Poissonnerie,Primeurs,Serrurerie,Tapisserie,Taxis
    Toitures,Verrerie,Vignobles,Voyages,Œnothèque
    """
)
LINES: Final = listed(
    """
    Conseil,Informatique,Immobilier,Services,Logistique,Événements,Formation,Bâtiment,Énergies,Assurances
    Textile,Industrie,Nettoyage,Sécurité,Ingénierie,Distribution,Médias,Santé,Numérique,Environnement
    Mécanique,Emballages
    """
)
FORMS: Final = ("SARL", "SAS", "SA", "EURL", "& Fils", "& Cie", "Frères", "Associés", "Groupe", "SCOP")
BODIES: Final = (
    "Mairie", "Comité des fêtes", "Association sportive", "Harmonie", "Lycée", "Hôpital",
    "École de musique", "Chambre de métiers", "Maison des jeunes", "Rugby Club", "Syndicat d'initiative",
    "Théâtre", "Amicale laïque",
)  # fmt: skip
MAILBOXES: Final = ("courriel", "boite", "lettres", "poste-restante", "messagerie", "net-ouest")

HALLS: Final = (
    "Salle des fêtes", "Salle polyvalente Jean-Vilar", "Domaine des Aulnaies", "Moulin de la Planche",
    "Orangerie du Grand-Pressoir", "Ferme de l'Étang-Neuf", "Villa Bel-Air", "Palais des Lices",
    "Hôtel de l'Écluse", "La Halle aux Grains", "Péniche L'Indolente", "Manufacture 1889",
    "Centre de congrès", "Parc de la Roseraie", "Foyer rural", "Théâtre de verdure",
    "Château de la Tour-Blanche", "Gymnase Colette-Besson", "Cave coopérative", "Pavillon du Lac",
    "Abbaye Saint-Maur", "Le Clos Saint-Éloi", "Espace Simone-Veil", "Jardin d'hiver",
)  # fmt: skip
# The text after a name and a colon, the start hour (local), the duration in hours, the maximum of guests.
PRIVATE_OCCASIONS: Final = (
    ("wedding", 14, 12, 160), ("40th birthday", 19, 6, 80), ("baptême et déjeuner", 11, 6, 60),
    ("noces d'or", 12, 8, 90), ("family reunion", 12, 7, 110), ("fiançailles", 18, 6, 70),
    ("pot de départ", 17, 3, 50), ("fête des voisins", 19, 4, 120),
)  # fmt: skip
COMPANY_OCCASIONS: Final = (
    ("séminaire annuel", 9, 9, 120), ("product launch", 18, 5, 250), ("soirée du personnel", 19, 5, 200),
    ("assemblée générale", 14, 3, 180), ("client evening", 19, 4, 120), ("arbre de Noël", 15, 4, 300),
    ("journée portes ouvertes", 10, 8, 400), ("remise des prix", 15, 4, 220),
)  # fmt: skip
NOTES: Final = (
    "Caterer confirmed; tasting done.\nTables of ten, two of eight by the window.",
    "Accès livraisons par la cour, avant 10 h.\nPrévoir deux diables et une rallonge de 25 m.",
    "Sound check two hours before the doors open.",
    "Traiteur : 12 végétariens, 2 sans porc, 1 sans gluten. La liste est chez le chef.",
    "Badges printed by us, in order of surname.",
    "Repli en salle si la pluie est annoncée la veille à 18 h.",
    "Parking for 40 cars behind the barn; stewards from 17:00.",
    "Fleuriste : livraison à 8 h.",
)
