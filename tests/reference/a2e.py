"""Names of the reference's Audio2Emotion parameters."""

import numpy as np

from a2f_ws.animation.recognition import RECOGNITION_PARAMS

COLUMNS = {
    "emotionContrast": "emotion_contrast",
    "maxEmotions": "max_emotions",
    "liveBlendCoef": "live_blend_coef",
    "preferredEmotionStrength": "preferred_emotion_strength",
    "liveTransitionTime": "transition_smoothing",
    "emotionStrength": "emotion_strength",
}


def row_of(params):
    """A row of parameters, unchecked: that no emotion shows is no value that a client may set."""
    row = np.ones(len(RECOGNITION_PARAMS.params), np.float32)
    for theirs, ours in COLUMNS.items():
        row[RECOGNITION_PARAMS.column(ours)] = params[theirs]
    return row
