/** A text that a Helm chart's `tpl` gives back as it was: two opening braces would begin an action of the template. */
export function escapeTemplates(text: string): string {
  return text.replaceAll('{{', '{{ "{{" }}');
}
