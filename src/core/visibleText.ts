/**
 * What cannot be seen or misleads: control characters, line and paragraph separators, and what
 * changes the direction of text or has no width. A zero-width joiner is let be inside an emoji.
 */
const invisible =
  /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\u00AD\u200B\u200C\u2060\uFEFF\uFFFE\uFFFF]|(?<![\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F])\u200D/gu;

/** Escapes that programmers know; the rest is shown by its code point. */
const escapes: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/**
 * A name as it is shown, and nowhere else: what is invisible in it becomes visible, so that
 * different names look different and none hides anything.
 */
export function visibleText(name: string): string {
  return name
    .replace(invisible, (character) => escapes[character] ?? escapeOf(character))
    .replace(/^ +| +$/g, (spaces) => '␠'.repeat(spaces.length));
}

function escapeOf(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}}`;
}
