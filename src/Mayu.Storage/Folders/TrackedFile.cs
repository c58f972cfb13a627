using System.Collections.Immutable;
using Mayu.Core.Machines;
using Mayu.Primitives;
using Mayu.Storage.Records;

namespace Mayu.Storage.Folders;

/// <summary>A file that Mayu keeps, a machine's record or the pins, as it was last found, and what is to be done so that it agrees with what counts.</summary>
/// <param name="Name">The folder of a machine's record; of the pins the name of the file itself.</param>
internal sealed record TrackedFile(string Name)
{
    /// <summary>The serial that the folder's name is; null when it is none.</summary>
    public Serial? Serial { get; init; }

    /// <summary>What is served of it, a <see cref="MachineRecord"/> or a map of pins; null where nothing is.</summary>
    public object? Value { get; init; }

    /// <summary>What it must hold, unless it was edited; where nothing is served, what it held. Null: it was missing, or could not be read.</summary>
    public ContentId? Id { get; init; }

    /// <summary>What somebody made of the file, when that cannot be used and is named already; what it held before is served.</summary>
    public SeenFile? Refused { get; init; }

    /// <summary>Whether something lay in its place that could not be read.</summary>
    public bool IsUnread { get; init; }

    /// <summary>What is wrong with it, in sentences; null when nothing is.</summary>
    public string? Problem { get; init; }

    /// <summary>The content that is to be put back in its place.</summary>
    public byte[]? Restored { get; init; }

    /// <summary>Whether what is in its place is to be set aside before.</summary>
    public bool SetAside { get; init; }

    /// <summary>What somebody wrote: it can be used, and is not in the history yet.</summary>
    public byte[]? Edited { get; init; }

    /// <summary>Whether the history has nothing of that name.</summary>
    public bool IsNew { get; init; }

    /// <summary>Whether the machine was deleted, and a commit from an index that was behind brought it back: it is to be deleted again.</summary>
    public bool IsDeletedAgain { get; init; }

    /// <summary>Its path in the cluster directory.</summary>
    public string Path => ClusterLayout.PathOf(Name);

    /// <summary>The machine that is served, unless its address or serial is another's.</summary>
    public MachineRecord? Record => Value as MachineRecord;

    /// <summary>The pins that are served.</summary>
    public ImmutableSortedDictionary<PinKey, Pin>? Pins => Value as ImmutableSortedDictionary<PinKey, Pin>;

    /// <summary>A file of which nothing is known yet, and which is missing.</summary>
    public static TrackedFile Missing(string name) => name == ClusterLayout.PinsName
        ? new TrackedFile(name) { Value = ImmutableSortedDictionary<PinKey, Pin>.Empty }
        : new TrackedFile(name) { Serial = SerialFolder.TryDecode(name, out var serial) ? serial : null };

    /// <summary>What to write.</summary>
    public static byte[]? Bytes(object? value) => value switch
    {
        MachineRecord record => RecordCodec.Write(record),
        ImmutableSortedDictionary<PinKey, Pin> pins => PinsCodec.Write(pins.Values),
        _ => null,
    };

    /// <summary>The file as it was found; nothing is served of it where it cannot be read.</summary>
    public TrackedFile Found(FileContent content) => !content.Exists
        ? this
        : this with { Value = content.Value, Id = content.Id, Problem = content.Value is null ? Unusable(content.Problem) : null };

    /// <summary>Says that nothing can be served.</summary>
    /// <param name="problem">Why, as half a sentence.</param>
    public string Unusable(string? problem) => Name == ClusterLayout.PinsName
        ? $"The pins are not valid: {problem}. No pin is in effect until the file is repaired."
        : $"The record is not valid: {problem}.";
}
