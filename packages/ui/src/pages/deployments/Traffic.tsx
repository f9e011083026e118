// Where new workflows of a deployment go: a bar, and the same in words.
import { deployments as texts } from '../../messages/deployments.ts';
import styles from './deployments.module.css';
import type { RoutingConfig } from './types.ts';

export function Traffic({ routing }: { readonly routing: RoutingConfig }) {
  const parts = trafficOf(routing);
  return (
    <section aria-label={texts.traffic} style={{ display: 'grid', gap: 8 }}>
      <h2>{texts.traffic}</h2>
      <div className={styles['bar']} aria-hidden="true">
        {parts.map(({ kind, percent }) => (
          <span key={kind} className={styles[kind]} style={{ flexGrow: percent }} />
        ))}
      </div>
      <ul className={styles['traffic']}>
        {parts.map(({ kind, percent, version }) => (
          <li key={kind}>
            <span className={`${styles['mark']} ${styles[kind]}`} aria-hidden="true" />
            {texts.share(percent, version)}
          </li>
        ))}
      </ul>
    </section>
  );
}

interface Part {
  readonly kind: 'current' | 'ramping';
  readonly percent: number;
  readonly version: string;
}

function trafficOf({ currentDeploymentVersion, rampingDeploymentVersion, ...routing }: RoutingConfig): readonly Part[] {
  const ramped = routing.rampingVersionPercentage ?? 0;
  const current = currentDeploymentVersion?.buildId ?? texts.unversioned;
  const ramping = rampingDeploymentVersion?.buildId ?? texts.unversioned;
  return [
    { kind: 'current' as const, percent: round(100 - ramped), version: current },
    ...(isRamping({ ...routing, rampingDeploymentVersion })
      ? [{ kind: 'ramping' as const, percent: round(ramped), version: ramping }]
      : []),
  ].filter(({ percent, kind }) => percent > 0 || kind === 'ramping');
}

/** Workers without a version ramp too: then there is a percentage alone. */
export function isRamping({
  rampingDeploymentVersion,
  rampingVersionPercentage = 0,
}: {
  readonly rampingDeploymentVersion?: RoutingConfig['rampingDeploymentVersion'] | undefined;
  readonly rampingVersionPercentage?: number;
}): boolean {
  return rampingDeploymentVersion !== undefined || rampingVersionPercentage > 0;
}

/** A percentage is a 32-bit float: 33.3 comes as 33.29999923706055. */
function round(percent: number): number {
  return Math.round(percent * 1000) / 1000;
}
