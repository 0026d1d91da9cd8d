"""Two pieces of evidence of one account side by side: what is said, how the form is made, what the pictures show."""

from automation.comparison.answers import Difference, Kind, NotAlike, compare_answers
from automation.comparison.pictures import Box, PictureDifference, compare_pictures

__all__ = [
    "Box",
    "Difference",
    "Kind",
    "NotAlike",
    "PictureDifference",
    "compare_answers",
    "compare_pictures",
]
