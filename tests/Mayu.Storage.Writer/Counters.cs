using Mayu.Core.Machines;
using Mayu.Primitives;
using Mayu.Storage.Folders;
using Mayu.Storage.Git;
using Mayu.Storage.Plain;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mayu.Storage.Writer;

/// <summary>Machines whose only purpose is to count.</summary>
internal static class Counters
{
    public const string Key = "n";

    public static async Task<IMachineStore> OpenAsync(string kind, string directory, GitOptions options) => kind switch
    {
        "git" => await GitStore.OpenAsync(directory, options, TimeProvider.System, NullLogger<MachineStore>.Instance, CancellationToken.None),
        "plain" => await PlainStore.OpenAsync(directory, options, TimeProvider.System, NullLogger<MachineStore>.Instance, CancellationToken.None),
        _ => throw new ArgumentException("The store is neither git nor plain.", nameof(kind)),
    };

    public static Serial Serial(int number) =>
        Primitives.Serial.TryParse($"machine-{number:d5}", out var serial, out var refusal) ? serial : throw new InvalidOperationException(refusal);

    /// <summary>Adds one to a machine's counter, making the machine if it is new, and returns the new value.</summary>
    public static async Task<int> AddAsync(IMachineStore store, Serial serial)
    {
        var outcome = await store.ChangeAsync(new Author("writer", "to count"), snapshot => Next(snapshot, serial), CancellationToken.None);
        return Value(outcome.Machine ?? throw new InvalidOperationException(outcome.Refusal?.Detail));
    }

    public static int Value(Machine machine) => int.Parse(machine.Overrides.GetValueOrDefault(Key, "0"));

    private static Proposal.Put Next(ClusterSnapshot snapshot, Serial serial)
    {
        var machine = snapshot.Find(serial) ?? new Machine { Serial = serial, State = MachineState.Unknown };
        var next = Value(machine) + 1;
        return new Proposal.Put(machine with { Overrides = machine.Overrides.SetItem(Key, next.ToString()) }, $"counted to {next}");
    }
}
