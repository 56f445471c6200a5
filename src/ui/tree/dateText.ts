/**
 * A date for people, as short as it stays clear beside a name: the time if it is today's, else the
 * day, with its year if it is another. Empty for an invalid date.
 *
 * @param language a BCP 47 tag
 */
export function dateText(date: Date, now: Date, language: string): string {
  if (Number.isNaN(date.getTime())) return '';
  if (date.toDateString() === now.toDateString()) {
    return date.toLocaleTimeString(language, { timeStyle: 'short' });
  }
  if (date.getFullYear() === now.getFullYear()) {
    return date.toLocaleDateString(language, { month: 'short', day: 'numeric' });
  }
  return date.toLocaleDateString(language, { dateStyle: 'medium' });
}
