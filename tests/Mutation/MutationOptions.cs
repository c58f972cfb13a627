namespace Mayu.Mutation;

/// <summary>What a run does.</summary>
/// <param name="Root">The repository.</param>
/// <param name="Projects">Names of folders below <c>src</c>, each with a test project of the same name and <c>.Tests</c> below <c>tests</c>.</param>
/// <param name="Judges">The names of those whose tests judge: the projects' own come first, and others can be added.</param>
/// <param name="Count">How many mutants are tried.</param>
/// <param name="Seed">The same seed chooses the same mutants of the same source.</param>
/// <param name="Jobs">How many test programs run at a time.</param>
/// <param name="Only">The mutants to choose among; null: all.</param>
internal sealed record MutationOptions(
    string Root, IReadOnlyList<string> Projects, IReadOnlyList<string> Judges, int Count, int Seed, int Jobs, IReadOnlySet<MutantName>? Only = null);
