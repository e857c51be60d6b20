import type { Target } from '#contract/target';
import { canonicalAddress } from '../search/address-span.ts';
import { toTargetName } from './found-target.ts';

/** The stored targets of an import, each to be claimed once, and the names that are left. */
export class StoredTargets {
  readonly #byName = new Map<string, Target>();
  readonly #byPlace = new Map<string, Target[]>();
  readonly #claimed = new Set<string>();
  /** In small letters: names that differ in nothing else would be taken for each other. */
  readonly #names = new Set<string>(['local']);

  constructor(targets: readonly Target[]) {
    for (const target of targets) {
      this.#names.add(target.name.toLowerCase());
      if (target.connection !== 'local') {
        this.#byName.set(target.name.toLowerCase(), target);
        const place = placeOf(target.address, target.port);
        this.#byPlace.set(place, [...(this.#byPlace.get(place) ?? []), target]);
      }
    }
  }

  /** The target of this name, unless it was claimed before. */
  claimName(label: string): Target | undefined {
    return this.#claim([this.#byName.get(toTargetName(label).toLowerCase())]);
  }

  /** The target at this place; without an account any will do, one without an account first. */
  claimPlace(address: string, port: number, user: string | null): Target | undefined {
    const there = this.#byPlace.get(placeOf(address, port)) ?? [];
    return this.#claim([...there.filter((target) => target.user === user), ...(user === null ? there : [])]);
  }

  /** The first of these names that nobody has, else the last one with a number; it is taken from now on. */
  freeName(wanted: readonly string[]): string {
    const free = wanted.find((name) => !this.#names.has(name.toLowerCase())) ?? this.#numbered(wanted.at(-1) ?? '');
    this.#names.add(free.toLowerCase());
    return free;
  }

  #numbered(name: string): string {
    let free = name;
    for (let n = this.#lastNumber.get(name) ?? 2; this.#names.has(free.toLowerCase()); n += 1) {
      free = `${name.slice(0, 120)}-${n}`;
      this.#lastNumber.set(name, n);
    }
    return free;
  }

  /** Where to go on counting, so that many equal names take no more than one try each. */
  readonly #lastNumber = new Map<string, number>();

  #claim(candidates: readonly (Target | undefined)[]): Target | undefined {
    const target = candidates.find((candidate) => candidate && !this.#claimed.has(candidate.id));
    if (target) {
      this.#claimed.add(target.id);
    }
    return target;
  }
}

function placeOf(address: string, port: number): string {
  return `${canonicalAddress(address)} ${port}`;
}
