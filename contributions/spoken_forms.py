"""What somebody sends who reads a text aloud."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from contributions.audio import Encoded
from contributions.models import SpokenText
from contributions.recordings import RecordingRefused, listen_to

_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
#: What is said of a file here in another way than where one can also write.
_SAID = {
    "busy": _("Very many recordings come in now. Send it again in a minute."),
    "too_long": _("This recording is too long. Three minutes is the most: read a part of it."),
    "unreadable": _("This is not a recording that we can play. Record it anew."),
}


class SpeakForm(forms.Form):
    """A recording of a text, and in which language it is.

    Args:
        languages: those in which the person may read it aloud; the first is chosen already.
        may_send: whether one more recording of this person is read now; asked where there is one.
    """

    language = forms.ChoiceField(
        label=_("In which language do you read it?"), widget=forms.RadioSelect
    )
    recording = forms.FileField(
        label=_("Your recording"),
        allow_empty_file=True,
        error_messages={"required": _("Record the text, or choose a recording.")},
        help_text=_("Three minutes at most, up to 10 MB."),
        widget=forms.FileInput(attrs={"accept": "audio/*"}),
    )
    read = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        languages: Sequence[str],
        may_send: Callable[[], bool] = lambda: True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._may_send = may_send
        self.encoded: Encoded | None = None
        language = self.fields["language"]
        assert isinstance(language, forms.ChoiceField)
        names = dict(settings.CONTENT_LANGUAGES)
        language.choices = [(code, names[code]) for code in languages]
        language.initial = languages[0]
        if len(languages) == 1:
            language.widget = forms.HiddenInput()

    def clean_read(self) -> str:
        """Return which words were read; those of now where that is not told."""
        told: str = self.cleaned_data["read"]
        return told if _DIGEST.fullmatch(told) else ""

    def clean_recording(self) -> Any:
        file = self.cleaned_data["recording"]
        if not self._may_send():
            raise forms.ValidationError(
                _("You sent very many recordings. Wait an hour, then send this one again."),
                code="too_many",
            )
        try:
            self.encoded = listen_to(file)
        except RecordingRefused as refused:
            raise forms.ValidationError(_SAID.get(refused.code, str(refused))) from refused
        return file


class RecordingChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of the recordings of a text, named by its language and who reads."""

    def label_from_instance(self, obj: SpokenText) -> str:
        name = dict(settings.CONTENT_LANGUAGES).get(obj.language, obj.language)
        return f"{name} · {obj.made_by.public_name}"
