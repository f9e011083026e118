// The YAML parser, apart, so that only those who need it load it. (A bundler gives the names of a CommonJS package to a
// static import only.)

import { parse, YAMLParseError } from 'yaml';

/** @throws {SyntaxError} */
export function parseYaml(text: string): unknown {
  try {
    return parse(text) as unknown;
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    throw new SyntaxError(error.message, { cause: error });
  }
}
