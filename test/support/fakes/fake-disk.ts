import type { Disk } from '#core/ports';

/** A disk of 1 TB that is as full as it is told. */
export class FakeDisk implements Disk {
  /** Free, from 0 to 1. */
  share = 0.5;

  free(): { bytes: number; share: number } {
    return { bytes: Math.round(this.share * 1e12), share: this.share };
  }
}
