"""Two pieces of evidence of one account side by side: what is said, how the form is made, what the pictures show."""

from automation.reports.comparison.answers import Difference, DifferenceKind, NotAlike, compare_answers
from automation.reports.comparison.pictures import PictureDifference, PixelBox, compare_pictures

__all__ = [
    "Difference",
    "DifferenceKind",
    "NotAlike",
    "PictureDifference",
    "PixelBox",
    "compare_answers",
    "compare_pictures",
]
