"""Made-up names of people, drawn from lists that are ordered by frequency.

French family and first names come roughly in the order of their frequency; names of other countries are few
and are combined with each other only.
"""

from typing import Final


def listed(block: str) -> tuple[str, ...]:
    """The entries of a block of text, divided by commas and line breaks."""
    return tuple(entry.strip() for entry in block.replace("\n", ",").split(",") if entry.strip())


FAMILY_NAMES: Final = listed(
    """
    Martin,Bernard,Dubois,Dupont,Petit,Durand,Leroy,Moreau,Simon,Laurent,Lefebvre,Michel,Garcia,Thomas
    David,Bertrand,Roux,Vincent,Fournier,Morel,Girard,André,Mercier,Lefèvre,Boyer,Blanc,Guérin,Robert
    Richard,Dupuis,Garnier,Faure,Rousseau,Chevalier,François,Legrand,Gauthier,Perrin,Robin,Clément,Morin
    Nicolas,Henry,Roussel,Mathieu,Gautier,Masson,Marchand,Duval,Denis,Dumont,Marie,Lemaire,Noël,Meyer
    Dufour,Meunier,Brun,Blanchard,Giraud,Joly,Rivière,Lucas,Brunet,Gaillard,Barbier,Arnaud,Martinez,Gérard
    Roche,Renard,Schmitt,Roy,Leroux,Colin,Vidal,Caron,Picard,Roger,Fabre,Aubert,Lemoine,Renaud,Dumas
    Lacroix,Olivier,Philippe,Bourgeois,Pierre,Benoît,Rey,Leclerc,Payet,Rolland,Leclercq,Guillaume,Lecomte
    Lopez,Jean,Dupuy,Guillot,Hubert,Berger,Carpentier,Sanchez,Dupond,Moulin,Louis,Deschamps,Huet,Vasseur
    Perez,Boucher,Fleury,Royer,Klein,Jacquet,Adam,Paris,Poirier,Marty,Aubry,Guyot,Carré,Charles,Renault
    Charpentier,Ménard,Maillard,Baron,Bertin,Bailly,Hervé,Schneider,Fernandez,Le Gall,Collet,Léger,Bouvier
    Julien,Prévost,Millet,Perrot,Daniel,Le Roux,Cousin,Germain,Breton,Besson,Langlois,Rémy,Le Goff
    Pelletier,Lévêque,Perrier,Leblanc,Barré,Lebrun,Marchal,Weber,Mallet,Hamon,Boulanger,Jacob,Monnier
    Michaud,Rodriguez,Guichard,Gillet,Étienne,Grondin,Poulain,Tessier,Chevallier,Collin,Chauvin,Da Silva
    Bouchet,Gay,Lemaître,Bénard,Maréchal,Humbert,Reynaud,Antoine,Hoarau,Perret,Barthélemy,Cordier,Pichon
    Lejeune,Gilbert,Lamy,Delaunay,Pasquier,Carlier,Laporte,Gros,Buisson,Briand,Alexandre,Georges,Jacques
    Ollivier,Besnard,Legendre,Guillet,Pereira,Coulon,Hébert,Albert,Launay,Lesage,Bodin,Tanguy,Voisin
    Rousset,Lebreton,Regnier,Riou,Delmas,Ferrand,Guilbert,Texier,Weiss,Blanchet,Wagner,Brunel,Valette
    Allard,Pons,Leduc,Ribeiro,Mary,Delattre,Didier,Bousquet,Verdier,Hamel,Bigot,Merle,Camus,Raynaud,Bonnet
    Barbe,Chauvet,Coste,Maurice,Vallée,Devaux,Bourdon,Guillou,Ferré,Grenier,Gaudin,Gomez,Ruiz,Blondel
    Maury,Leconte,Delorme,Vaillant,Lebon,Imbert,Rossi,Maillot,Parmentier,Bouvet,Parisot,Seguin,Costa
    Martel,Pascal,Jourdan,Lacombe,Levy,Hardy,Evrard,Bazin,Barreau,Dupré,Charrier,Rodrigues,Mahé,Sauvage
    Teixeira,Duhamel,Cohen,Ledoux,Fontaine,Labbé,Couturier,Peltier,Navarro,Cartier,Blin,Hernandez,Diallo
    Traoré,Coulibaly,N'Diaye,Diop,Lelièvre,Berthelot,Benard,Foucher,Godard,Blot,Tessier-Dupont,Pineau
    Duclos,Jacquot,Moreno,Prat,Nguyen,Tran,Doucet,Toussaint,Gilles,Bonneau,Boutin,Guillon,Chartier,Dijoux
    Guibert,Laine,Clerc,Auger,Besse,Rossignol,Bruneau,Vigneron,Lacour,Techer,Courtois,Sabatier,Mace
    Gosselin,Jacquemin,Normand,Marion,Hoareau,Prigent,Ramos,Le Corre,Mas,Favre,Dos Santos,Cornu,Thierry
    Fischer,Keller,Salmon,Parent,Begue,Le Bihan,Lecoq,Vial,Marin,Lefort,Jamet,Guy,Poncet,Maurin,Barthe
    Monier,Laborde,Pottier,Granger,Aubin,Bataille,Hue,Jolivet,Rocher,Brossard,Pages,Rigaud,Chapuis
    Lallemand,Bonnin,Gaubert,Lombard,Samson,Lafont,Guerin,Thibault,Maire,Cadet,Faivre,Potier,Leblond
    Drouet,Parfait,Ferry,Bouché,Grand,Bodet,Renou,Combes,Barret,Loiseau,Andrieux,Gervais,Bonhomme,Boivin
    Tournier,Duchêne,Bocquet,Béguin,Poisson,Le Floch,Merlin,Ferreira,Coquelin,Mouton,Leger,Saunier,Vannier
    Godin,Schmidt,Muller,Bellanger,Hardouin,Bouquet,Lavigne,Chauveau,Teyssier,Rault,Duprat,Rousselle
    Bossard,Gonçalves,Maïga,Sylla,Barry,Konaté,Cissé,Benali,Haddad,Mansouri,Belkacem,Saïdi,Bouzid,Amrani
    Idrissi,Ouattara,Kouamé,Quéré,Kerboul,Le Guen,Morvan,Cariou,Guéguen,Le Meur,Kervella,Abgrall,Jaouen
    Etcheverry,Etchegaray,Iturbide,Ollagnier,Chabert,Espinasse,Cazenave,Lafargue,Labarthe,Dartigues,Puyo
    Casanova,Santoni,Colonna,Luciani,L'Hostis,D'Almeida,De Oliveira,Van der Meer,Vandenberghe,Deleu
    Wauquier,Hennebelle,Œuvrard,Aïssaoui,Çelik,Müller,Pfister,Zimmermann,Ackermann,Holtzmann,Zyskowski
    Kowalczyk,Szymański,Brückner,Ångström,Żuraw,Ørsted
    """
)

FIRST_NAMES: Final = listed(
    """
    Marie,Jean,Pierre,Camille,Thomas,Nathalie,Julien,Isabelle,Nicolas,Sophie,Philippe,Léa,Alexandre,Céline
    Michel,Catherine,Antoine,Aurélie,Sébastien,Julie,Christophe,Sandrine,Olivier,Valérie,Laurent,Émilie
    François,Élodie,Stéphane,Christine,Éric,Sylvie,David,Anne,Frédéric,Martine,Patrick,Caroline,Guillaume
    Stéphanie,Maxime,Laura,Pascal,Véronique,Romain,Claire,Vincent,Pauline,Alain,Virginie,Mathieu,Mélanie
    Bruno,Charlotte,Daniel,Manon,Bernard,Audrey,Jérôme,Sarah,Thierry,Chloé,Benoît,Hélène,Arnaud,Delphine
    Anthony,Marine,Florian,Laetitia,Cédric,Patricia,Damien,Emma,Gérard,Lucie,Fabrice,Amandine,Kévin
    Mathilde,Quentin,Brigitte,Hugo,Anaïs,Jacques,Françoise,Lucas,Monique,Didier,Morgane,Franck,Karine
    Louis,Justine,Paul,Inès,Clément,Jeanne,Adrien,Agathe,Gilles,Corinne,Rémi,Juliette,Baptiste,Noémie
    Serge,Margaux,Fabien,Alice,Valentin,Zoé,Ludovic,Louise,Samuel,Fanny,Hervé,Clara,Marc,Océane,Yann,Eva
    Cyril,Coralie,Denis,Lisa,Mickaël,Marion,Simon,Élise,Grégory,Ambre,Raphaël,Solène,Théo,Gaëlle,Victor
    Maëlle,Arthur,Rose,Gabriel,Jade,Jules,Lina,Nathan,Mila,Ethan,Louna,Léo,Agnès,Claude,Odile,Yves,Josiane
    Dominique,Annick,Roger,Yvette,Marcel,Simone,Maurice,Renée,André,Denise,Gwenaël,Aliénor,Loïc,Bérénice
    Maël,Clémence,Tanguy,Apolline,Ronan,Capucine,Erwan,Ophélie,Gaël,Eugénie,Youssef,Fatima,Mehdi,Nadia
    Karim,Samira,Rachid,Leïla,Mamadou,Aminata,Ibrahim,Fatoumata,Moussa,Aïcha,Ousmane,Anne-Sophie
    Jean-Baptiste,Marie-Laure,Jean-Philippe,Anne-Laure,Pierre-Yves,Marie-Hélène,Jean-François,Maëva,Noël
    Thaïs,Gaëtan,Zélie,Côme,Héloïse,Anatole,Œdipe,Étienne,Célestin,Désirée,Théodore,Cléo,Ulysse
    """
)

ELSEWHERE: Final = (
    # First names, then family names, of people from one country; the last two write the family name first.
    ("Kasia,Paweł,Zofia,Łukasz,Agnieszka,Michał", "Dąbrowska,Nowak,Wójcik,Zyskowski,Kamiński,Żak"),
    ("João,Beatriz,Gonçalo,Inês,Tiago,Conceição", "Magalhães,Simões,Araújo,Lourenço,Conceição,Sá"),
    ("Íñigo,Begoña,Álvaro,Nuria,Andrés,Lucía", "Muñoz,Ibáñez,Núñez,Peña,Gutiérrez,Sáenz"),
    ("Jürgen,Käthe,Björn,Annegret,Sören,Heike", "Groß,Strauß,Köhler,Jäger,Weiß,Böhm"),
    ("Søren,Åse,Bjørn,Freja,Øyvind,Signe", "Ærø,Sørensen,Østergård,Kjær,Åkesson,Nørgaard"),
    ("Giò,Niccolò,Chiara,Andrea,Noè,Mariù", "D'Angelo,Pardini,Forlì,Dall'Ò,Nicolò,De Santis"),
    ("Đức,Thị Hoa,Văn Minh,Thu Hà,Quốc Anh,Ngọc", "Nguyễn,Trần,Lê,Phạm,Đặng,Vũ"),
    ("Siobhán,Sean,Aoife,Pádraig,Niamh,Conor", "O'Brien,MacCarthy,Ó Dónaill,Parnell,Byrne,Walsh"),
    ("Çağla,Mehmet,Ömer,Şule,Ayşe,Gökhan", "Yıldız,Öztürk,Şahin,Çelik,Kılıç,Doğan"),
    ("Νίκος,Ελένη,Γιώργος,Μαρία,Σοφία,Δημήτρης", "Παπαδόπουλος,Οικονόμου,Γεωργίου,Αλεξίου,Νικολάου,Ιωάννου"),
    ("Александр,Ольга,Дмитрий,Наталья,Иван,Фёдор", "Иванов,Кузнецов,Смирнов,Попов,Соловьёв,Волков"),
    ("美咲,健太,陽菜,翔,結衣,大輔", "田中,佐藤,鈴木,高橋,渡辺,山本"),
    ("민준,서연,지우,하준,은서,지호", "김,이,박,최,정,강"),
)
