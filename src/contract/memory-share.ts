/** Where the bytes of a run go: frozen weights; what is trained with gradients and moments; passes; keys and values; logits. */
export type MemoryShare = 'weights' | 'learner' | 'activations' | 'cache' | 'logits';
