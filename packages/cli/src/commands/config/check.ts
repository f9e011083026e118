// One check of `config doctor`: what was tried, how it came out, and what to do if it failed.

import { code, StatusError } from '@perdure/api';
import type { ClientSettings } from '../../config/resolve.ts';
import { CommandError } from '../../exit.ts';
import type { CertificateInfo } from './certificate.ts';

export interface Finding {
  /** Works, but will not for long, or not as it should. */
  readonly isWarning?: boolean;
  readonly detail: string;
  readonly advice?: string | undefined;
  readonly certificate?: CertificateInfo;
}

export interface Check extends Omit<Finding, 'isWarning'> {
  readonly name: string;
  readonly state: 'ok' | 'warning' | 'failed' | 'skipped';
}

/** Why a check failed. */
export class CheckError extends Error {
  override readonly name = 'CheckError';
  readonly finding: Finding;

  constructor(finding: Finding) {
    super(finding.detail);
    this.finding = finding;
  }
}

export function skipped(name: string, why: string): Check {
  return { name, state: 'skipped', detail: why };
}

/** @param advise what to do about an error; undefined: nothing that is known */
export async function tried(
  name: string,
  work: () => Promise<Finding>,
  advise: (error: Error) => string | undefined,
): Promise<Check> {
  try {
    const { isWarning, ...finding } = await work();
    return { name, state: isWarning === true ? 'warning' : 'ok', ...finding };
  } catch (error) {
    if (error instanceof CheckError) return { name, state: 'failed', ...error.finding };
    if (!isExpected(error)) throw error;
    const detail = messageOf(error).replaceAll(/\s+/g, ' ').trim();
    return { name, state: 'failed', detail, advice: advise(error) };
  }
}

/** Where several addresses were tried, each has a message of its own. */
function messageOf(error: Error): string {
  if (!(error instanceof AggregateError)) return error.message;
  return error.errors.map((each) => (each as Error).message).join(', ');
}

/** Where a setting was said, as the end of a sentence. */
export function whence(settings: ClientSettings, option: string): string {
  const origin = settings.origin(option) ?? 'default';
  return origin === 'default' ? `which is the default (--${option})` : `which comes from ${origin}`;
}

/** Of the network, of TLS, of the server, of the configuration: anything else is a defect. */
function isExpected(error: unknown): error is Error {
  if (error instanceof StatusError || error instanceof CommandError) return true;
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}

/** The name of the gRPC status, or the code of Node.js. */
export function codeOf(error: Error): string {
  if (error instanceof StatusError) {
    return Object.entries(code).find(([, value]) => value === error.code)?.[0] ?? String(error.code);
  }
  return 'code' in error ? String(error.code) : '';
}
