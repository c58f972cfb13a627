namespace Mayu.Mutation;

/// <summary>What became of a mutant.</summary>
internal enum Fate
{
    /// <summary>A test failed, or did not end.</summary>
    Killed,

    /// <summary>All tests that reach it pass.</summary>
    Survived,

    /// <summary>No test reaches it.</summary>
    NotReached,
}

/// <summary>What became of one mutant, and which test failed.</summary>
internal sealed record Verdict(Mutant Mutant, Fate Fate, string? Killer)
{
    private const int Shown = 100;

    /// <summary>One line: what became of it, where it is, what was changed.</summary>
    public override string ToString()
    {
        var fate = Fate switch { Fate.Killed => "killed", Fate.Survived => "SURVIVED", _ => "NOT REACHED" };
        return $"{fate} {Where}{(Killer is null ? "" : $"; by {Killer}")}";
    }

    /// <summary>Where it is, and what was changed.</summary>
    public string Where => $"{Mutant.File.Path}:{Mutant.Line}: {Cut(Mutant.Place.Before)} → {(Mutant.Place.After.Length == 0 ? "(left out)" : Cut(Mutant.Place.After))}";

    private static string Cut(string code) => code.Length <= Shown ? code : code[..Shown] + "…";
}
