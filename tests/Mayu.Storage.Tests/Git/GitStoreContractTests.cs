using Mayu.Core.Machines;
using Mayu.Storage.Folders;
using Mayu.Storage.Git;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mayu.Storage.Tests.Git;

public sealed class GitStoreContractTests : MachineHistoryContract, IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    protected override async Task<IMachineStore> OpenAsync() => await GitStore.OpenAsync(
        _directory.File("cluster"), new GitOptions(), TimeProvider.System, NullLogger<MachineStore>.Instance, TestContext.Current.CancellationToken);
}
