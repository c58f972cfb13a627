using Mayu.Client.Contracts;
using Mayu.Client.Events;

namespace Mayu.Client.Tests.Events;

public sealed class MachineCopyTests
{
    private readonly MachineCopy _copy = new();

    [Fact]
    public void While_a_new_list_comes_in_the_former_one_is_shown()
    {
        Apply(Kind(MachineEvent.SnapshotKind), Upsert("a"), Upsert("b"));
        Assert.False(_copy.IsComplete);
        Apply(Kind(MachineEvent.SyncedKind));
        Assert.Equal(["a", "b"], _copy.Machines.Keys);

        Apply(Kind(MachineEvent.SnapshotKind), Upsert("b"), Upsert("c"));
        Assert.Equal((false, "a,b"), (_copy.IsComplete, string.Join(',', _copy.Machines.Keys)));
        // A list that breaks off and begins again: nothing of the one that broke off stays.
        Apply(Kind(MachineEvent.SnapshotKind), Upsert("c"));
        Assert.Equal("a,b", string.Join(',', _copy.Machines.Keys));
        Apply(Kind(MachineEvent.SyncedKind));
        Assert.Equal((true, "c"), (_copy.IsComplete, string.Join(',', _copy.Machines.Keys)));
    }

    [Fact]
    public void Changes_say_whether_there_is_something_new_to_show()
    {
        Apply(Kind(MachineEvent.SnapshotKind), Kind(MachineEvent.SyncedKind));
        Assert.True(_copy.Apply(Upsert("a")));
        Assert.False(_copy.Apply(new MachineEvent { Kind = MachineEvent.DeleteKind, Serial = "x" }));
        Assert.True(_copy.Apply(new MachineEvent { Kind = MachineEvent.DeleteKind, Serial = "a" }));
        Assert.False(_copy.Apply(new MachineEvent { Kind = "of a newer server" }));
        Assert.Empty(_copy.Machines);
    }

    private static MachineEvent Kind(string kind) => new() { Kind = kind };

    private static MachineEvent Upsert(string serial) => new() { Kind = MachineEvent.UpsertKind, Serial = serial, Machine = new Machine { Serial = serial } };

    private void Apply(params MachineEvent[] events) => Array.ForEach(events, happened => _copy.Apply(happened));
}
