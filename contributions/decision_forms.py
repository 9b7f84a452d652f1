"""What somebody fills in who asks for another look."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contributions.audio import Encoded
from contributions.forms import TextField
from contributions.models.appeal import MAX_WORDS
from contributions.recordings import RecordingRefused, listen_to


class AppealForm(forms.Form):
    """Why somebody disagrees: in words, in a recording, or both.

    Args:
        may_send: whether one more recording of this person is read now; asked where there is one.
    """

    words = TextField(
        label=_("Why do you disagree?"),
        required=False,
        max_length=MAX_WORDS,
        help_text=_("In any language. The person who looks at it again reads it, nobody else."),
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    recording = forms.FileField(
        label=_("Or tell it: a recording"),
        required=False,
        allow_empty_file=True,
        help_text=_(
            "Three minutes at most, up to 10 MB. Record it on your phone and choose the file here."
        ),
        widget=forms.FileInput(attrs={"accept": "audio/*"}),
    )

    def __init__(
        self, *args: Any, may_send: Callable[[], bool] = lambda: True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._may_send = may_send
        self.encoded: Encoded | None = None

    def clean_recording(self) -> Any:
        file = self.cleaned_data["recording"]
        if file is not None:
            if not self._may_send():
                raise forms.ValidationError(
                    _(
                        "You sent very many recordings. Wait an hour, or write it down: your words "
                        "are still here."
                    ),
                    code="too_many",
                )
            try:
                self.encoded = listen_to(file)
            except RecordingRefused as refused:
                raise forms.ValidationError(str(refused)) from refused
        return file
