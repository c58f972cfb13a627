using Mayu.Core.Machines;
using Mayu.Storage.Folders;
using Mayu.Storage.Git;
using Mayu.Storage.Plain;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mayu.Storage.Tests.Plain;

public sealed class PlainStoreContractTests : MachineStoreContract, IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task It_says_that_it_keeps_no_history()
    {
        await using var store = await OpenAsync();
        var refused = await Assert.ThrowsAsync<NoSuchChangeException>(() => store.HistoryAsync(new HistoryQuery(), TestContext.Current.CancellationToken));
        Assert.Contains("without git", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<NoSuchChangeException>(
            () => store.MachineAtAsync(Samples.Serial("a"), HistoryPoint.After("0123456"), TestContext.Current.CancellationToken));
        Assert.False(Directory.Exists(_directory.File("cluster", ".git")));
    }

    [Theory]
    [InlineData(nameof(CommitStep.Begin), 0)]
    [InlineData(nameof(CommitStep.Staged), 0)]
    [InlineData(nameof(CommitStep.Prepared), 0)]
    [InlineData(nameof(CommitStep.Committed), 2)]
    [InlineData(nameof(CommitStep.RecordMoved), 2)]
    [InlineData(nameof(CommitStep.Finished), 2)]
    public async Task A_batch_that_fails_at_a_step_is_wholly_in_or_wholly_out(string step, int pinsAndMachines)
    {
        var failing = false;
        void AtStep(CommitStep at)
        {
            if (failing && at.ToString() == step)
            {
                throw new IOException("Input/output error");
            }
        }

        await using (var store = await OpenAsync(AtStep))
        {
            await store.ChangeAsync(Samples.Operator, Samples.PutPin(new Pin(Samples.Key("serial:a"))), TestContext.Current.CancellationToken);
            failing = true;
            var change = store.ChangeAsync(
                Samples.Operator, _ => new Proposal.Put(Samples.Machine("a"), "added") { Fulfils = [Samples.Key("serial:a")] }, TestContext.Current.CancellationToken);
            if (pinsAndMachines == 0)
            {
                await Assert.ThrowsAsync<StoreUnavailableException>(() => change);
            }
            else
            {
                await change;
            }
        }

        await using (var store = await OpenAsync())
        {
            Assert.Equal(pinsAndMachines == 0 ? ["serial:a"] : [], store.Current.Pins.Select(p => p.Key.Text));
            Assert.Equal(pinsAndMachines == 0 ? [] : ["a"], store.Current.Machines.Select(m => m.Serial.Text));
            Assert.Empty(store.Quarantined);
        }
    }

    [Fact]
    public async Task A_list_of_nothing_is_carried_out()
    {
        await using (await OpenAsync())
        {
        }

        await File.WriteAllTextAsync(new ClusterLayout(_directory.File("cluster"), HasHistory: false).Batch, "[]", TestContext.Current.CancellationToken);
        await using var store = await OpenAsync();
        Assert.Empty(store.Quarantined);
    }

    [Fact]
    public async Task An_edit_between_a_failure_and_the_next_start_is_not_overwritten()
    {
        var failing = false;
        await using (var store = await OpenAsync(AtStep))
        {
            await store.ChangeAsync(Samples.Operator, Samples.Add(Samples.Machine("a")), TestContext.Current.CancellationToken);
            failing = true;
            await store.ChangeAsync(Samples.Operator, Samples.Count(Samples.Serial("a"), "n"), TestContext.Current.CancellationToken);
        }

        await File.WriteAllTextAsync(_directory.File("cluster", "a", "conf.json"), """{"Serial":"a","State":"running"}""", TestContext.Current.CancellationToken);
        await using (var store = await OpenAsync())
        {
            Assert.Equal(MachineState.Running, store.Current.Find(Samples.Serial("a"))?.State);
            Assert.Empty(store.Quarantined);
        }

        void AtStep(CommitStep step)
        {
            if (failing && step == CommitStep.Committed)
            {
                throw new IOException("Input/output error");
            }
        }
    }

    [Theory]
    [InlineData("[{\"From\":\"file-0\",")]
    [InlineData("{}")]
    [InlineData("[{}]")]
    [InlineData("null")]
    public async Task A_damaged_list_of_what_is_to_be_put_in_place_is_named(string content)
    {
        await using (await OpenAsync())
        {
        }

        var list = new ClusterLayout(_directory.File("cluster"), HasHistory: false).Batch;
        await File.WriteAllTextAsync(list, content, TestContext.Current.CancellationToken);
        Assert.Contains(list, (await Assert.ThrowsAsync<StoreUnavailableException>(OpenAsync)).Message, StringComparison.Ordinal);
    }

    protected override Task<IMachineStore> OpenAsync() => OpenAsync(null);

    private async Task<IMachineStore> OpenAsync(Action<CommitStep>? atStep) => await PlainStore.OpenAsync(
        _directory.File("cluster"),
        new GitOptions { AtStep = atStep },
        TimeProvider.System,
        NullLogger<MachineStore>.Instance,
        TestContext.Current.CancellationToken);
}
