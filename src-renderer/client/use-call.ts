import { useMutation, type UseMutationResult, useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { CallName, InputOf, OutputOf } from '#contract';
import type { DroverError } from '#contract/errors';
import { client } from './index.ts';

type CallOptions = { enabled?: boolean; keepPrevious?: boolean; staleTime?: number };

/** The answer to a call, kept until it is asked for again. */
export function useCall<N extends CallName>(
  name: N,
  input: InputOf<N>,
  options: CallOptions = {},
): UseQueryResult<OutputOf<N>, DroverError> {
  const { keepPrevious, ...rest } = options;
  return useQuery<OutputOf<N>, DroverError>({
    queryKey: [name, input],
    queryFn: () => client.call(name, input),
    ...rest,
    ...(keepPrevious && { placeholderData: (previous: OutputOf<N> | undefined) => previous as never }),
  });
}

/** Something the user does; never tried twice by itself. */
export function useAct<N extends CallName>(name: N): UseMutationResult<OutputOf<N>, DroverError, InputOf<N>> {
  return useMutation<OutputOf<N>, DroverError, InputOf<N>>({ mutationFn: (input) => client.call(name, input) });
}
