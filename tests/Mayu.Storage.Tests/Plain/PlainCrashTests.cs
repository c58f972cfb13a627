using Mayu.Core.Machines;
using Mayu.Storage.Folders;
using Mayu.Storage.Git;
using Mayu.Storage.Plain;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mayu.Storage.Tests.Plain;

/// <summary>Without git a crash loses as little.</summary>
public sealed class PlainCrashTests : CrashContract
{
    protected override string Kind => "plain";

    protected override async Task<IMachineStore> OpenAsync() => await PlainStore.OpenAsync(
        Cluster, new GitOptions(), TimeProvider.System, NullLogger<MachineStore>.Instance, TestContext.Current.CancellationToken);
}
