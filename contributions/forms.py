"""Fields and forms for participants' texts and pictures. They check; nothing is written here."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from contributions.models import Picture
from contributions.models.picture import MAX_PICTURES
from contributions.pictures import NewPicture, PictureRefused, encode
from contributions.text import clean_line, clean_text

#: Read before the text is looked at character by character: more than any field takes.
LONGEST_INPUT = 100_000


class LineField(forms.CharField):
    """One line of a stranger's text, cleaned."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        return text if len(text) > LONGEST_INPUT else clean_line(text)


class TextField(forms.CharField):
    """A stranger's text of several lines, cleaned."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        return text if len(text) > LONGEST_INPUT else clean_text(text)


class LanguageField(forms.ChoiceField):
    """The language of a text; left empty, it is guessed from the words."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Language of your text"))
        kwargs.setdefault("required", False)
        super().__init__(
            choices=[("", _("Recognise it from my words")), *settings.CONTENT_LANGUAGES], **kwargs
        )


def picture_slots(pictures: Iterable[Picture]) -> range:
    """Return the numbers of the places that are left for new pictures."""
    return range(1, max(0, MAX_PICTURES - len(list(pictures))) + 1)


class PicturesForm(forms.Form):
    """The pictures of a contribution: those it has, and places for new ones, five in all.

    Each file is judged by itself: what is good is kept in ``new_pictures`` even where another one
    is refused.
    """

    def __init__(self, *args: Any, pictures: Iterable[Picture] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pictures = list(pictures)
        self.new_pictures: list[NewPicture] = []
        self.refused: list[str] = []
        for picture in self.pictures:
            self.fields[f"description_{picture.key}"] = LineField(
                label=_("What can be seen in this picture?"),
                required=False,
                max_length=300,
                initial=picture.description,
            )
            self.fields[f"remove_{picture.key}"] = forms.BooleanField(
                label=_("Take this picture away"), required=False
            )
        for slot in picture_slots(self.pictures):
            self.fields[f"new_{slot}"] = forms.FileField(
                label=_("Picture %(number)s") % {"number": len(self.pictures) + slot},
                required=False,
                allow_empty_file=True,
                widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
            )
            self.fields[f"new_description_{slot}"] = LineField(
                label=_("What can be seen in it?"),
                required=False,
                max_length=300,
                help_text=_("For neighbours who can't see the picture. One sentence is enough."),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for slot in picture_slots(self.pictures):
            file = cleaned.get(f"new_{slot}")
            if not file:
                continue
            try:
                encoded = encode(file)
            except PictureRefused as refused:
                self.add_error(f"new_{slot}", str(refused))
            else:
                description = cleaned.get(f"new_description_{slot}", "")
                self.new_pictures.append(NewPicture(encoded, description))
        return cleaned

    def with_kept(self, pictures: Iterable[Picture]) -> "PicturesForm":
        """Return a form that shows the pictures as kept by now, and names what was refused."""
        fresh = PicturesForm(pictures=pictures)
        refused = [
            f"{self.fields[name].label}: {error}"
            for name, errors in self.errors.items()
            for error in errors
        ]
        fresh.refused = refused
        return fresh

    def told_again(self, pictures: Iterable[Picture]) -> "PicturesForm":
        """Return a form about the pictures of by now, with what was told about those before."""
        return PicturesForm(pictures=pictures, initial=dict(self.data.items()))

    def removed(self) -> list[Picture]:
        """Return the pictures that the author takes away."""
        return [
            picture for picture in self.pictures if self.cleaned_data.get(f"remove_{picture.key}")
        ]

    def descriptions(self) -> dict[str, str]:
        """Return the descriptions that changed, by the picture's key.

        A picture that came from another window in the meantime is not in the form that was sent.
        """
        return {
            str(picture.key): self.cleaned_data[name]
            for picture in self.pictures
            if (name := f"description_{picture.key}") in self.cleaned_data
            and name in self.data
            and self.cleaned_data[name] != picture.description
        }

    def kept_rows(self) -> Iterator[tuple[Picture, forms.BoundField, forms.BoundField]]:
        """Yield each picture with its fields for description and removal, for the template."""
        for picture in self.pictures:
            yield (
                picture,
                self[f"description_{picture.key}"],
                self[f"remove_{picture.key}"],
            )

    def new_rows(self) -> Iterator[tuple[forms.BoundField, forms.BoundField]]:
        """Yield the fields of each place for a new picture, for the template."""
        for slot in picture_slots(self.pictures):
            yield self[f"new_{slot}"], self[f"new_description_{slot}"]
