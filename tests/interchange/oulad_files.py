"""Small files in the shape of OULAD, made by the tests themselves."""

from __future__ import annotations

from pathlib import Path

HEADERS = {
    "courses.csv": "code_module,code_presentation,module_presentation_length",
    "assessments.csv": "code_module,code_presentation,id_assessment,assessment_type,date,weight",
    "studentRegistration.csv": "code_module,code_presentation,id_student,date_registration,date_unregistration",
    "studentInfo.csv": (
        "code_module,code_presentation,id_student,gender,region,highest_education,imd_band,age_band,num_of_prev_attempts,"
        "studied_credits,disability,final_result"
    ),
    "studentAssessment.csv": "id_assessment,id_student,date_submitted,is_banked,score",
}
SOUND = {
    "courses.csv": ["ZZZ,2014J,240", "ZZZ,2014B,241", "YYY,2014J,100"],
    "assessments.csv": ["ZZZ,2014J,901,TMA,19,10", "ZZZ,2014J,902,Exam,,100", "ZZZ,2014B,903,CMA,54,0"],
    "studentRegistration.csv": ["ZZZ,2014J,11,-30,", "ZZZ,2014J,12,5,60", "ZZZ,2014B,12,-80,-3", "YYY,2014J,13,-1,"],
    "studentInfo.csv": [
        "ZZZ,2014J,11,M,Scotland,A Level,0-10%,0-35,0,60,N,Pass",
        "ZZZ,2014J,12,F,Wales,A Level,10-20,35-55,1,60,N,Withdrawn",
        "ZZZ,2014B,12,F,Wales,A Level,10-20,35-55,0,60,N,Withdrawn",
        "YYY,2014J,13,F,South Region,A Level,?,55<=,0,30,Y,Fail",
    ],
    "studentAssessment.csv": ["901,11,18,0,78", "902,11,-1,1,65", "901,12,20,0,", "903,12,50,0,12.5"],
}


def write(directory: Path, **changes: list[str]) -> Path:
    """Writes the five files; a keyword such as `studentInfo` gives the rows of one file in place of the sound ones."""
    for name, header in HEADERS.items():
        rows = changes.get(name.removesuffix(".csv"), SOUND[name])
        (directory / name).write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return directory
