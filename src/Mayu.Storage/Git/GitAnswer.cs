namespace Mayu.Storage.Git;

/// <summary>What became of a git that was run.</summary>
/// <param name="Failure">Null when it did its work; else what it complained of, without credentials.</param>
/// <param name="Text">What it said on standard output, without white space at the ends.</param>
internal readonly record struct GitAnswer(string? Failure, string Text);
