"""The everyday words of the commands, in both languages: what people type who do not know our labels."""

from collections.abc import Mapping
from typing import Final

from models.enums import RecordKind
from services.i18n import N_

OF_BINDINGS: Final[Mapping[str, str]] = {
    "app.contrast": "dark light contrast colours colors mode night day"
    " sombre clair contraste couleurs nuit jour",
    "app.help": "keys shortcuts keyboard manual touches raccourcis clavier manuel aide",
    "app.quit": "exit close leave end stop fermer sortir terminer arrêter",
    "app.suspend": "shell terminal background job pause arrière-plan suspendre",
    "alert.dismiss": "hide close banner alarm masquer fermer bandeau alarme",
    "crm.settings": "preferences options configuration currency country zone agency address travel papers"
    " préférences paramètres devise pays fuseau agence adresse trajet papiers",
    "form.back": "cancel close discard annuler fermer abandonner",
    "form.reveal": "reveal hide afficher cacher",
    "form.save": "store submit ok sauver sauvegarder valider",
    "go.clients": "go list customers contacts companies aller liste entreprises sociétés",
    "go.contracts": "go list deals agreements sales aller liste affaires ventes",
    "go.events": "go list parties calendar agenda aller liste fêtes soirées calendrier",
    "go.journal": "go history log audit changes aller historique modifications",
    "go.notes": "go list calls mails comments aller liste appels courriels commentaires",
    "go.tasks": "go list todo reminders due aller liste rappels faire échéances",
    "go.today": "home start dashboard overview figures go aller accueil tableau de bord chiffres",
    "go.team": "go staff people users accounts collaborators employees colleagues"
    " aller personnes utilisateurs comptes collaborateurs employés collègues",
    "go.telemetry": "sentry errors crashes monitoring logs erreurs plantages surveillance",
    "list.agenda": "calendar week month day planning calendrier semaine mois jour planning",
    "list.columns": "fields show hide choose headings champs afficher masquer choisir intitulés",
    "list.wider": "layout split pane full width zoom details disposition volet largeur agrandir détail",
    "list.filter": "narrow preset new own saved views condition show only"
    " restreindre nouveau nouvelle vue enregistrée personnel condition afficher seulement",
    "list.go_to": "jump number line percent position numéro ligne pourcentage sauter",
    "list.search": "look query lookup chercher trouver",
    "list.sort": "order arrange column ordre ordonner ranger colonne",
    "person.preferences": "options settings start first section theme language"
    " réglages paramètres départ démarrage première section thème",
    "person.password": "change passphrase credentials mdp code changer modifier",
    "person.set_password": "reset forgotten passphrase réinitialiser oublié mdp",
    "person.sign_out": "log out logout logoff off disconnect leave session user"
    " déconnexion déconnecter quitter partir",
    "person.unlock": "locked account débloquer bloqué verrouillé compte",
    "record.assign": "reassign owner support contact give réaffecter attribuer responsable donner",
    "record.cancel_payment": "refund reverse money rembourser remboursement versement règlement argent",
    "record.chain": "deal pipeline progress status stuck missing steps"
    " suivi avancement étapes bloqué manque affaire",
    "record.copy": "clipboard yank email phone number address"
    " presse-papiers adresse téléphone numéro courriel",
    "record.open_outside": "mail call dial map browser link write"
    " courriel appeler téléphoner carte navigateur lien écrire",
    "record.edit": "change update modify correct rename changer corriger renommer mettre à jour",
    "record.new": "create add insert ajouter créer nouvelle",
    "record.finish": "done complete close check tick fini terminer faite cocher",
    "record.note": "call mail comment write remark appel courriel commentaire écrire remarque",
    "record.paper": "run sheet quote invoice print pdf html document export summary"
    " feuille route devis facture imprimer papier récapitulatif exporter",
    "record.payment": "pay paid money deposit receive payer règlement encaisser acompte versement argent",
    "record.redo": "again repeat forward refaire répéter",
    "record.restore": "recover undelete bring back récupérer remettre",
    "record.sign": "signed signature signé",
    "record.task": "todo reminder remind call back faire rappel rappeler relance",
    "record.trash": "delete remove bin discard supprimer effacer enlever jeter",
    "record.undo": "back revert mistake take back défaire revenir erreur",
    "reminder.read": "dismiss hide close masquer fermer",
    "section.back": "return previous close revenir précédent",
    "section.reload": "reload update retry recharger réessayer",
    "telemetry.test": "sentry error essai erreur",
}  # fmt: skip
"""By the id of the binding. A label is found by its own words in every language without them."""

OF_PRESETS: Final[Mapping[str, str]] = {
    "client.not_contacted": "call phone forgotten stale relancer appeler rappeler oubliés",
    "client.mine": "own customers mine miens",
    "collaborator.active": "staff present enabled actifs présents",
    "collaborator.by_load": "workload busy busiest charge occupés",
    "contract.mine": "own deals mine miens",
    "contract.overdue": "unpaid late due owed money debt impayés retard dû dus solde dettes",
    "contract.overdue_mine": "unpaid late due owed money debt impayés retard dû dus solde dettes",
    "contract.stuck": "late waiting blocked missing pipeline retard attente manque suivi",
    "contract.stuck_mine": "late waiting blocked missing pipeline retard attente manque suivi",
    "contract.stuck_run": "late waiting blocked missing pipeline retard attente manque suivi",
    "contract.unpaid": "unpaid due owed money debt open balance impayés dû dus solde dettes ouverts",
    "contract.unpaid_all": "unpaid due owed money debt open balance impayés dû dus solde dettes ouverts",
    "contract.unsigned": "signature missing pending signer attente",
    "contract.unsigned_14": "signature late pending old signer retard attente vieux",
    "event.coming_without_notes": "missing empty note prepare manquants vides préparer",
    "event.mine": "own agenda calendar mine miens calendrier",
    "event.next_7_days": "week soon upcoming agenda semaine bientôt prochains",
    "event.without_address": "missing place where address manque lieu adresse",
    "event.without_notes": "missing empty note compte-rendu manquants vides",
    "event.without_phone": "missing contact number manque téléphone numéro",
    "event.without_support": "unassigned nobody free libre personne affecter",
    "event.without_support_mine": "unassigned nobody free libre personne affecter",
}
"""By the kind of record and the key of the preset."""

TRASH: Final = "deleted removed bin supprimés effacés poubelle"
"""For the preset that every list has."""

VIEW: Final = "view filter saved vue filtre enregistré"
"""For the saved views."""

NEW: Final[Mapping[RecordKind, str]] = {
    RecordKind.CLIENT: N_("New client"),
    RecordKind.CONTRACT: N_("New contract"),
    RecordKind.EVENT: N_("New event"),
    RecordKind.COLLABORATOR: N_("New collaborator"),
    RecordKind.TASK: N_("New task"),
}
"""The command that creates a record of a kind, from any section."""

NEW_WORDS: Final[Mapping[RecordKind, str]] = {
    RecordKind.CLIENT: "customer contact company entreprise société",
    RecordKind.CONTRACT: "deal agreement sale affaire vente",
    RecordKind.EVENT: "party booking fête soirée réservation évènement",
    RecordKind.COLLABORATOR: "user account person staff employee colleague"
    " utilisateur compte personne employé collègue",
}

LITTLE: Final = frozenset({
    "a", "an", "and", "the", "my", "our", "of", "in", "on", "to", "for",
    "un", "une", "le", "la", "les", "de", "du", "des", "d", "l", "mon", "ma", "mes", "nos", "et", "en",
    "au", "aux", "pour",
})  # fmt: skip
"""Words that say nothing of a command, left out of what is typed."""
