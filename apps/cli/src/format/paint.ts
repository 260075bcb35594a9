/** The few colours that carry meaning here. */
export type Colour = 'red' | 'green' | 'yellow' | 'bold' | 'dim';

const codes: Record<Colour, readonly [number, number]> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
};

/** Colours a text, or leaves it as it is. */
export type Paint = (colour: Colour, text: string) => string;

export const plain: Paint = (_, text) => text;

/** Colours only where a person looks at a terminal and did not ask for none (no-color.org). */
export const paintFor = (isTerminal: boolean, wantsColour: boolean): Paint =>
  isTerminal && wantsColour ? (colour, text) => `\u001b[${codes[colour][0]}m${text}\u001b[${codes[colour][1]}m` : plain;

const verdictColours: Readonly<Record<string, Colour>> = { allow: 'green', ask: 'yellow', block: 'red' };

export const paintVerdict = (paint: Paint, verdict: string) => paint(verdictColours[verdict] ?? 'bold', verdict);
