using System.Collections.Immutable;
using Mayu.Client.Contracts;

namespace Mayu.Client.Events;

/// <summary>The list of machines, made of the events of a <see cref="Mayu.Client.MachineWatch"/>. Not safe for use from several threads.</summary>
public sealed class MachineCopy
{
    private ImmutableSortedDictionary<string, Machine>.Builder _next = NewList();

    // While a new list comes in, the former one is shown.
    private ImmutableSortedDictionary<string, Machine>.Builder? _former;

    /// <summary>Whether every machine has come since the stream began or resumed.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>The machines in the order of their serials; while a new list comes in, those of the former one.</summary>
    public IReadOnlyDictionary<string, Machine> Machines => (_former ?? _next).ToImmutable();

    /// <summary>Applies an event.</summary>
    /// <returns>Whether <see cref="Machines"/> or <see cref="IsComplete"/> may differ from before.</returns>
    public bool Apply(MachineEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        switch (happened)
        {
            case { Kind: MachineEvent.SnapshotKind }:
                _former ??= _next;
                _next = NewList();
                IsComplete = false;
                return true;
            case { Kind: MachineEvent.SyncedKind }:
                (_former, IsComplete) = (null, true);
                return true;
            case { Kind: MachineEvent.UpsertKind, Serial: { } serial, Machine: { } machine }:
                _next[serial] = machine;
                return _former is null;
            case { Kind: MachineEvent.DeleteKind, Serial: { } serial }:
                return _next.Remove(serial) && _former is null;
            default:
                // A newer server's.
                return false;
        }
    }

    private static ImmutableSortedDictionary<string, Machine>.Builder NewList() => ImmutableSortedDictionary.CreateBuilder<string, Machine>(StringComparer.Ordinal);
}
