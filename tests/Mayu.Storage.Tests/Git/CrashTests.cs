using Mayu.Core.Machines;

namespace Mayu.Storage.Tests.Git;

/// <summary>After a crash git, too, finds all in order, and the history has every change.</summary>
public sealed class CrashTests : CrashContract
{
    protected override string Kind => "git";

    protected override async Task<IMachineStore> OpenAsync() => await GitStoreFixture.OpenAsync(Cluster);

    protected override async Task CheckAsync(IMachineStore store, int counted)
    {
        var history = await store.HistoryAsync(new HistoryQuery { Limit = HistoryQuery.MaxLimit }, TestContext.Current.CancellationToken);
        if (history.Count < HistoryQuery.MaxLimit)
        {
            Assert.Equal(counted, history.Count(c => c.What.StartsWith("counted", StringComparison.Ordinal)));
        }

        Assert.Equal("", await GitProgram.StatusAsync(Cluster));
        Assert.Equal("", await GitProgram.CheckAsync(Cluster));
    }
}
