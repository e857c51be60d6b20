import type { DroverClient } from '#contract/client';
import type { Target } from '#contract/target';

const pageSize = 1_000;

/** The targets that a query finds, a page at a time; an empty query and `*` find all. */
export async function* targetPages(client: DroverClient, query: string): AsyncGenerator<Target[]> {
  const sought = query.trim() === '*' ? '' : query;
  for (let after: number | null = 0; after !== null;) {
    const page: { targets: Target[]; next: number | null } = await client.call('target.list', {
      query: sought,
      after,
      limit: pageSize,
    });
    yield page.targets;
    after = page.next;
  }
}

export async function findTargets(client: DroverClient, query: string): Promise<Target[]> {
  const found: Target[] = [];
  for await (const page of targetPages(client, query)) {
    found.push(...page);
  }
  return found;
}
