using System.Runtime.InteropServices;
using Mayu.Core.Machines;
using Mayu.Primitives;
using Mayu.Storage.Records;

namespace Mayu.Storage.Folders;

/// <summary>The machines of all files together: which are served, and which are not, because another has their serial or address.</summary>
internal sealed class ServedMachines
{
    private readonly Dictionary<Serial, TrackedFile> _served = [];
    private readonly Dictionary<Serial, QuarantinedRecord> _withheld = [];
    private readonly List<QuarantinedRecord> _quarantined = [];

    private ServedMachines()
    {
    }

    /// <summary>The records that are served. The owner keeps it up to date.</summary>
    public Dictionary<Serial, TrackedFile> Files => _served;

    /// <summary>Whose record cannot be used: no new one may take its place.</summary>
    public IReadOnlyDictionary<Serial, QuarantinedRecord> Withheld => _withheld;

    /// <summary>What is wrong, each named.</summary>
    public IReadOnlyList<QuarantinedRecord> Quarantined => _quarantined;

    /// <summary>Whether some are not served only because another has their serial or address.</summary>
    public bool HasDuplicates { get; private set; }

    /// <summary>Puts the files together.</summary>
    public static ServedMachines Of(IReadOnlyCollection<TrackedFile> files)
    {
        var all = new ServedMachines();

        // The folder that Mayu would make itself goes before another that means the same serial.
        foreach (var file in files.OrderBy(f => f.Serial is { } s && SerialFolder.Encode(s) != f.Name).ThenBy(f => f.Name, StringComparer.Ordinal))
        {
            if (file.Serial is { } serial && all._served.TryGetValue(serial, out var first) && (file.Record is not null || file.Problem is not null))
            {
                all.HasDuplicates = true;
                all.Name(file, $"The record is not valid: the folder {first.Name} has the same serial.");
            }
            else if (file.Record is { } record)
            {
                all._served.Add(record.Machine.Serial, file);
                if (file.Problem is { } edited)
                {
                    all.Name(file, edited);
                }
            }
            else if (file.Problem is { } problem)
            {
                all.Withhold(file, problem);
            }
        }

        all.WithholdSharedAddresses();
        return all;
    }

    // Who has an operating system keeps the address, then who was there first.
    private void WithholdSharedAddresses()
    {
        var owners = new Dictionary<Ipv4, Machine>();
        var shared = false;
        foreach (var machine in _served.Values.Select(f => f.Record!.Machine))
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
        foreach (var (file, machine) in _served.Values.Select(f => (File: f, f.Record!.Machine)).OrderByDescending(f => f.Machine.State)
                     .ThenBy(f => f.Machine.FirstSeen ?? DateTimeOffset.MaxValue).ThenBy(f => f.Machine.Serial).ToList())
        {
            if (machine.Addresses.Any(owners.ContainsKey))
            {
                var taken = machine.Addresses.First(owners.ContainsKey);
                HasDuplicates = true;
                _served.Remove(machine.Serial);
                Withhold(file, $"The record is not valid: its address {taken} belongs to machine {owners[taken].Serial}.");
                continue;
            }

            foreach (var address in machine.Addresses)
            {
                owners[address] = machine;
            }
        }
    }

    private void Withhold(TrackedFile file, string problem)
    {
        Name(file, problem);
        if (file.Serial is { } known)
        {
            _withheld[known] = _quarantined[^1];
        }
    }

    private void Name(TrackedFile file, string problem) => _quarantined.Add(new QuarantinedRecord(file.Path, problem));
}
