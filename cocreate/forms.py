"""How a form looks: one error summary, then one field after the other, the same on every page."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Draws forms, fields and errors with templates/components; the widgets are templates/django/forms/widgets."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"
    formset_template_name = "components/formset.html"
