// Texts of the UI stand in catalogues, one file for each page beside this one, one object for each language. A language
// that a catalogue does not have falls back to English, so a translation can grow page by page.

type Catalogue<T> = { readonly en: T } & { readonly [language: string]: T };

/** The texts in the language of the browser, or in English. */
export function pick<T>(catalogue: Catalogue<T>): T {
  const wanted = navigator.languages.map((tag) => tag.split('-')[0] ?? '');
  const found = wanted.find((language) => catalogue[language] !== undefined);
  return (found === undefined ? undefined : catalogue[found]) ?? catalogue.en;
}

/** "1 workflow", "2,400 workflows". */
export function counted(count: number, one: string, many: string): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}
