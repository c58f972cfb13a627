using Mayu.Core.Machines;
using Mayu.Storage.Git;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mayu.Storage.Tests.Git;

public sealed class GitStoreContractTests : MachineHistoryContract, IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    protected override async Task<IMachineStore> OpenAsync() => await GitMachineStore.OpenAsync(
        _directory.File("cluster"), new GitStoreOptions(), TimeProvider.System, NullLogger<GitMachineStore>.Instance, TestContext.Current.CancellationToken);
}
