using System.Collections.Immutable;
using System.Runtime.InteropServices;
using LibGit2Sharp;
using Mayu.Core.Machines;
using Mayu.Storage.Records;

namespace Mayu.Storage.Git;

/// <summary>A machine and where it lies.</summary>
/// <param name="Folder">Its folder's name.</param>
/// <param name="Record">Its record.</param>
/// <param name="Others">What else the repository has in the folder.</param>
/// <param name="Blob">The record's bytes as git names them: what its file must hold, unless hands changed it.</param>
internal sealed record StoredMachine(string Folder, MachineRecord Record, ImmutableArray<FolderEntry> Others, ObjectId? Blob)
{
    /// <summary>What hands made of its file, when that cannot be used and is named already.</summary>
    public RefusedFile? Refused { get; init; }
}

/// <summary>A file that hands made unreadable, or took away, while the committed one is served.</summary>
/// <param name="Blob">Its bytes as git names them; null when it is missing, or not to be read at all.</param>
internal sealed record RefusedFile(ObjectId? Blob);

/// <summary>A folder of the cluster directory as it was last found, and what is to be done so that it agrees with the history.</summary>
internal sealed record KnownFolder(string Name)
{
    /// <summary>The serial that the name is; null when it is none.</summary>
    public Serial? Serial { get; init; }

    /// <summary>The machine that it gives, unless its address or serial is another's.</summary>
    public StoredMachine? Machine { get; init; }

    /// <summary>What else the repository has in the folder.</summary>
    public ImmutableArray<FolderEntry> Others { get; init; } = [];

    /// <summary>What its file held, where it gives no machine; null where there was none.</summary>
    public ObjectId? Seen { get; init; }

    /// <summary>Whether something lay where its record belongs, though what it held could not be had.</summary>
    public bool IsUnread { get; init; }

    /// <summary>What is wrong with it, in sentences; null when nothing is.</summary>
    public string? Problem { get; init; }

    /// <summary>What is to be done to its file so that it agrees with the history.</summary>
    public FileChange? Restore { get; init; }

    /// <summary>The record that hands wrote: valid, and not in the history yet.</summary>
    public byte[]? ByHand { get; init; }

    /// <summary>Whether the machine was deleted, and a commit by hand from an index that was behind brought it back: it is to be deleted again.</summary>
    public bool IsRevenant { get; init; }

    /// <summary>Whether the file is to be set aside before it is restored.</summary>
    public bool SetAside { get; init; }
}

/// <summary>The machines of all folders together: which are served, and which are not, because another has their serial or address.</summary>
internal sealed class KnownMachines
{
    private readonly Dictionary<Serial, StoredMachine> _served = [];
    private readonly Dictionary<Serial, QuarantinedRecord> _withheld = [];
    private readonly List<QuarantinedRecord> _quarantined = [];

    private KnownMachines()
    {
    }

    /// <summary>The machines that are served. The owner keeps it up to date.</summary>
    public Dictionary<Serial, StoredMachine> Served => _served;

    /// <summary>Whose record cannot be used: no new one may take its place.</summary>
    public IReadOnlyDictionary<Serial, QuarantinedRecord> Withheld => _withheld;

    /// <summary>What is wrong, each named.</summary>
    public IReadOnlyList<QuarantinedRecord> Quarantined => _quarantined;

    /// <summary>Whether some are not served only because another has their serial or address.</summary>
    public bool HasRivals { get; private set; }

    /// <summary>Puts the folders together.</summary>
    public static KnownMachines Of(IReadOnlyCollection<KnownFolder> folders)
    {
        var all = new KnownMachines();

        // The folder that Mayu would make itself goes before another that means the same serial.
        foreach (var folder in folders.OrderBy(f => f.Serial is { } s && SerialFolder.Encode(s) != f.Name).ThenBy(f => f.Name, StringComparer.Ordinal))
        {
            if (folder.Serial is { } serial && all._served.TryGetValue(serial, out var twin) && (folder.Machine is not null || folder.Problem is not null))
            {
                all.HasRivals = true;
                all.Name(folder.Name, $"The record cannot be used: the folder {twin.Folder} is of the same serial.");
            }
            else if (folder.Machine is { } machine)
            {
                all._served.Add(machine.Record.Machine.Serial, machine);
                if (folder.Problem is { } edited)
                {
                    all.Name(folder.Name, edited);
                }
            }
            else if (folder.Problem is { } problem)
            {
                all.Withhold(folder.Name, folder.Serial, problem);
            }
        }

        all.WithholdSharedAddresses();
        return all;
    }

    // Who has an operating system keeps the address, then who was there first.
    private void WithholdSharedAddresses()
    {
        var owners = new Dictionary<Core.Addresses.Ipv4, Machine>();
        var shared = false;
        foreach (var machine in _served.Values.Select(m => m.Record.Machine))
        {
            foreach (var address in machine.Addresses)
            {
                ref var owner = ref CollectionsMarshal.GetValueRefOrAddDefault(owners, address, out _);
                shared |= owner is not null && owner.Serial != machine.Serial;
                owner ??= machine;
            }
        }

        if (!shared)
        {
            return;
        }

        owners.Clear();
        foreach (var stored in _served.Values.OrderByDescending(m => m.Record.Machine.State).ThenBy(m => m.Record.Machine.FirstSeen ?? DateTimeOffset.MaxValue)
                     .ThenBy(m => m.Record.Machine.Serial).ToList())
        {
            var machine = stored.Record.Machine;
            if (machine.Addresses.Any(owners.ContainsKey))
            {
                var taken = machine.Addresses.First(owners.ContainsKey);
                HasRivals = true;
                _served.Remove(machine.Serial);
                Withhold(stored.Folder, machine.Serial, $"The record cannot be used: its address {taken} belongs to machine {owners[taken].Serial}.");
                continue;
            }

            foreach (var address in machine.Addresses)
            {
                owners[address] = machine;
            }
        }
    }

    private void Withhold(string folder, Serial? serial, string problem)
    {
        Name(folder, problem);
        if (serial is { } known)
        {
            _withheld[known] = _quarantined[^1];
        }
    }

    private void Name(string folder, string problem) => _quarantined.Add(new QuarantinedRecord(ClusterLayout.RecordPath(folder), problem));
}
