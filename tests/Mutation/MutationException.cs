namespace Mayu.Mutation;

/// <summary>A run that cannot go on; the message says why and what to do.</summary>
internal sealed class MutationException(string message) : Exception(message);
