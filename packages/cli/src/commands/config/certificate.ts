// What is said of a certificate: whose it is, who says so, and for how long.

import type { X509Certificate } from 'node:crypto';

export interface CertificateInfo {
  readonly subject: string;
  readonly issuer: string;
  /** Its other names: `DNS:example.com`. */
  readonly names: readonly string[];
  readonly validFrom: string;
  readonly validTo: string;
  /** Whole days; negative: so long it has been over. */
  readonly daysLeft: number;
  /** Whether it is that of the host; undefined: it is of no host. */
  readonly isForHost?: boolean;
}

const DAY_MS = 86_400_000;
/** Whoever is told by then can still act. */
const DAYS_LEFT_MIN = 14;

export function certificateInfo(certificate: X509Certificate, nowMs: number): CertificateInfo {
  const { subject, issuer, subjectAltName, validFromDate, validToDate } = certificate;
  return {
    subject: oneLine(subject),
    issuer: oneLine(issuer),
    names: subjectAltName?.split(', ') ?? [],
    validFrom: validFromDate.toISOString(),
    validTo: validToDate.toISOString(),
    daysLeft: Math.floor((validToDate.getTime() - nowMs) / DAY_MS),
  };
}

/** One with nothing but other names has no subject. */
function oneLine(name: string | undefined): string {
  return (name ?? '').trim().replaceAll('\n', ', ');
}

export type Validity = 'valid' | 'ends soon' | 'over' | 'not yet valid';

export function validityOf({ daysLeft, validFrom }: CertificateInfo, nowMs: number): Validity {
  if (Date.parse(validFrom) > nowMs) return 'not yet valid';
  if (daysLeft < 0) return 'over';
  return daysLeft < DAYS_LEFT_MIN ? 'ends soon' : 'valid';
}

/** For people, a line each. */
export function certificateLines({ subject, issuer, names, validTo, daysLeft, isForHost }: CertificateInfo): string[] {
  const days = (count: number) => `${count} ${count === 1 ? 'day' : 'days'}`;
  const day = validTo.slice(0, 10);
  return [
    `subject ${subject === '' ? '(none)' : subject}${names.length === 0 ? '' : ` (${names.join(', ')})`}`,
    `issuer ${issuer}`,
    daysLeft < 0 ? `expired on ${day}, ${days(-daysLeft)} ago` : `expires on ${day}, in ${days(daysLeft)}`,
    ...(isForHost === undefined ? [] : [isForHost ? 'is for this host' : 'is not for this host']),
  ];
}
