using Mayu.Core.Assignment;
using Mayu.Core.Boot;
using Mayu.Core.Machines;
using Mayu.Core.Selection;
using Mayu.Primitives;
using Mayu.Server.Decisions;
using Mayu.Server.Watch;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.Api.Machines;

/// <summary>Finds machines, as the API shows them: those with a record, and those that were only seen booting.</summary>
internal sealed class MachineDirectory(IMachineStore store, BootTrace trace, BootWatch watch, BootDecisions decisions)
{
    /// <summary>The machines that are meant, in the order of their serials; each is made when it is its turn.</summary>
    public IEnumerable<Contracts.Machine> All(Selector selector)
    {
        var snapshot = store.Current;
        var recorded = snapshot.Machines.Where(selector.Matches).Select(machine => (machine.Serial, Machine: (Machine?)machine, Sighted: (TraceHead?)null));
        var sighted = trace.Strangers()
            .Where(head => head.Serial is { } serial && snapshot.Find(serial) is null && selector.Matches(new Machine { Serial = serial, State = MachineState.Unknown }))
            .Select(head => (Serial: head.Serial!.Value, Machine: (Machine?)null, Sighted: (TraceHead?)head));
        return recorded.Concat(sighted).OrderBy(one => one.Serial.Text, StringComparer.Ordinal)
            .Select(one => one.Machine is { } machine ? ViewOf(machine) : ViewOf(one.Serial, one.Sighted!));
    }

    /// <summary>One machine; null where there is no record of it and it was not seen booting.</summary>
    public Contracts.Machine? Find(Serial serial) =>
        store.Current.Find(serial) is { } machine ? ViewOf(machine)
        : trace.Head(serial) is { } head ? ViewOf(serial, head)
        : null;

    /// <summary>A machine with a record.</summary>
    public Contracts.Machine ViewOf(Machine machine)
    {
        var head = trace.Head(machine.Serial);
        return MachineView.Of(machine, head, head is null ? null : watch.StallOf(head));
    }

    /// <summary>A machine in the list: with this record, or without one; null where it was not seen booting either.</summary>
    public Contracts.Machine? ViewOf(Serial serial, Machine? record) =>
        record is not null ? ViewOf(record) : trace.Sighted(serial) is { } head ? ViewOf(serial, head) : null;

    /// <summary>
    /// Finds whom a path or a query means: by serial, and where nobody has that serial, by MAC. Who is seen and has no record may be called by
    /// its MAC: then it is both.
    /// </summary>
    public (Serial? Serial, MacAddress? Mac) Resolve(Serial asked)
    {
        if (store.Current.Find(asked) is not null || !MacAddress.TryParse(asked.Text, out var mac))
        {
            return (asked, null);
        }

        return trace.Head(asked) is not null ? (asked, mac) : (SerialOf(mac), mac);
    }

    /// <summary>Whose a MAC is, as far as it is known.</summary>
    public Serial? SerialOf(MacAddress mac) => decisions.Identify(mac).Machine?.Serial ?? trace.SerialOf(mac);

    /// <summary>Which of a machine's MACs another one has too, as a warning; null: none.</summary>
    public string? SharedMacs(Machine machine) => OperatorChanges.SharedMac(store.Current, machine) is var (mac, other)
        ? $"{mac} is also a MAC of machine {other}. If that is a mistake, correct it: a boot from it may be taken for either."
        : null;

    /// <summary>There is no record of this machine.</summary>
    public Refusal NotFound(Serial serial) => new(RefusalReason.NotFound, trace.Find(serial) is null
        ? $"There is no machine {serial}, and none with that serial was seen booting. `mayuctl list` shows all machines."
        : $"Machine {serial} was seen booting and has no record yet: it gets one when it sends its facts. `mayuctl status {serial}` shows its progress.");

    private Contracts.Machine ViewOf(Serial serial, TraceHead sighted) => MachineView.OfSighted(serial, sighted, watch.StallOf(sighted));
}
