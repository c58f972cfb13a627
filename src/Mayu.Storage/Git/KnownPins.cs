using System.Collections.Immutable;
using LibGit2Sharp;
using Mayu.Core.Machines;

namespace Mayu.Storage.Git;

/// <summary>The file of the pins as it was last found, and what is to be done so that it agrees with the history.</summary>
internal sealed record KnownPins
{
    /// <summary>The pins that are served.</summary>
    public ImmutableSortedDictionary<PinKey, Pin> Pins { get; init; } = ImmutableSortedDictionary<PinKey, Pin>.Empty;

    /// <summary>What its file must hold, unless hands changed it; null where there is none.</summary>
    public ObjectId? Blob { get; init; }

    /// <summary>What the file held, where it cannot be used.</summary>
    public ObjectId? Seen { get; init; }

    /// <summary>What hands made of the file, when that cannot be used and is named already.</summary>
    public RefusedFile? Refused { get; init; }

    /// <summary>What is wrong with it, in sentences; null when nothing is.</summary>
    public string? Problem { get; init; }

    /// <summary>Whether neither side can be read: no pin may be changed, for the others would be lost.</summary>
    public bool IsWithheld { get; init; }

    /// <summary>What is to be done to the file so that it agrees with the history.</summary>
    public FileChange? Restore { get; init; }

    /// <summary>The pins that hands wrote: valid, and not in the history yet.</summary>
    public byte[]? ByHand { get; init; }

    /// <summary>Whether the file is to be set aside before it is restored.</summary>
    public bool SetAside { get; init; }
}
