"""The words that a made-up organisation is made of."""

from __future__ import annotations

# City, country, language, time zone.
PLACES = (
    ("Leeds", "GB", "en-GB", "Europe/London"),
    ("London", "GB", "en-GB", "Europe/London"),
    ("Cardiff", "GB", "cy-GB", "Europe/London"),
    ("Glasgow", "GB", "en-GB", "Europe/London"),
    ("Manchester", "GB", "en-GB", "Europe/London"),
    ("Bristol", "GB", "en-GB", "Europe/London"),
    ("Dublin", "IE", "en-IE", "Europe/Dublin"),
    ("Galway", "IE", "ga-IE", "Europe/Dublin"),
    ("Köln", "DE", "de-DE", "Europe/Berlin"),
    ("Zürich", "CH", "de-CH", "Europe/Zurich"),
    ("Kraków", "PL", "pl-PL", "Europe/Warsaw"),
    ("Málaga", "ES", "es-ES", "Europe/Madrid"),
    ("Besançon", "FR", "fr-FR", "Europe/Paris"),
    ("São Paulo", "BR", "pt-BR", "America/Sao_Paulo"),
    ("Malmö", "SE", "sv-SE", "Europe/Stockholm"),
    ("Tromsø", "NO", "nb-NO", "Europe/Oslo"),
    ("İzmir", "TR", "tr-TR", "Europe/Istanbul"),
    ("Lagos", "NG", "en-NG", "Africa/Lagos"),
    ("New York", "US", "en-US", "America/New_York"),
    ("Kyōto", "JP", "ja-JP", "Asia/Tokyo"),
    ("Bandung", "ID", "id-ID", "Asia/Jakarta"),
    ("Hyderabad", "IN", "en-IN", "Asia/Kolkata"),
)

# Code and subject; each becomes an introduction, a second course and so on.
SUBJECTS = (
    ("ACC", "Accounting"),
    ("ART", "Drawing and painting"),
    ("BIO", "Biology"),
    ("CHE", "Chemistry"),
    ("DAT", "Data analysis"),
    ("DES", "Design"),
    ("ECO", "Economics"),
    ("ENG", "Academic writing"),
    ("ENV", "Environment and climate"),
    ("FIN", "Finance"),
    ("GEO", "Geography"),
    ("HIS", "History"),
    ("LAW", "Law"),
    ("MAT", "Mathematics"),
    ("MUS", "Music theory"),
    ("NUR", "Nursing"),
    ("PHI", "Philosophy"),
    ("PHY", "Physics"),
    ("PRG", "Programming"),
    ("PSY", "Psychology"),
    ("SOC", "Sociology"),
    ("SPA", "Spanish"),
    ("STA", "Statistics"),
    ("TEA", "Teaching skills"),
)
LEVELS = (
    "an introduction",
    "foundations",
    "in practice",
    "methods",
    "advanced topics",
    "a project",
    "seminar",
    "workshop",
)

# Title, kind, whether it counts for the result.
LESSONS = (
    ("Welcome and overview", "content", False),
    ("First ideas", "video", False),
    ("Check what you know", "quiz", True),
    ("Reading and notes", "content", False),
    ("First assignment", "assignment", True),
    ("Live session", "live", False),
    ("Second assignment", "assignment", True),
    ("Final exam", "exam", True),
)

RELATIONSHIPS = ("mother", "father", "guardian", "spouse", "sibling", "relative")
ORGANISATIONS = (
    "Northern Rail Trust",
    "Harbour Health",
    "Oak Street Foundation",
    "Lindqvist AB",
    "Kwame Engineering Ltd",
)
STREETS = (
    "High Street",
    "Station Road",
    "Church Lane",
    "Park Avenue",
    "Mill Road",
    "Queen's Walk",
    "Am Markt",
    "Rue du Port",
)
LEAVING_REASONS = ("academic", "financial", "health", "personal", "transfer", "schedule", "no_show", "other")
BIOS = (
    "Works part-time and prefers evening sessions.",
    "Came back to study after ten years in nursing.",
    "First in the family to study. Interested in climate and cities.",
    "Plays in an orchestra; travels a lot in May.",
    "Wants to change from retail to data work.",
)
HOLD_REASONS = ("Invoice overdue for more than 60 days", "Cheque returned by the bank", "Payment plan broken off")
NOTES = (
    "Called about the timetable; prefers to be called after 17:00.",
    "Asked for a letter for the employer. Sent on the same day.",
    "Will hand in the school report by the end of the month.",
    "Needs a seat near the front: hard of hearing.",
    "Mother calls for the student; has the right to see the records.",
)
STAFF = (
    ("finance", "r.adeyemi", "Ruth Adeyemi"),
    ("finance", "j.kowalski", "Jan Kowalski"),
    ("registrar", "m.santos", "Marta Santos"),
    ("course_editor", "e.lindqvist", "Erik Lindqvist"),
    ("course_editor", "h.tanaka", "Hana Tanaka"),
    ("course_editor", "o.brien", "Orla O'Brien"),
    ("course_editor", "d.patel", "Dev Patel"),
    ("course_editor", "s.yilmaz", "Selin Yılmaz"),
    ("support", "c.nguyen", "Chi Nguyễn"),
)
