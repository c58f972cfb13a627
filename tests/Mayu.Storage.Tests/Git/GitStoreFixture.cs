using Mayu.Core.Machines;
using Mayu.Storage.Folders;
using Mayu.Storage.Git;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mayu.Storage.Tests.Git;

/// <summary>A cluster directory, and git beside it.</summary>
public abstract class GitStoreFixture : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    // Tests need not wait for a person to take his hands away; where a test makes a step fail nothing heals behind its back.
    private static readonly GitOptions Quick = new() { LookEvery = TimeSpan.FromMilliseconds(50), EditSettle = TimeSpan.FromMilliseconds(300) };

    internal string Cluster => _directory.File("cluster");

    internal static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _directory.Dispose();
        GC.SuppressFinalize(this);
    }

    internal Task<MachineStore> OpenAsync(Action<CommitStep>? atStep = null) => OpenAsync(Cluster, atStep);

    internal static Task<MachineStore> OpenAsync(string directory, Action<CommitStep>? atStep = null, ILoggerFactory? logs = null) => GitStore.OpenAsync(
        directory,
        atStep is null ? Quick : Quick with { AtStep = atStep, LookEvery = TimeSpan.FromHours(1) },
        TimeProvider.System,
        (logs ?? NullLoggerFactory.Instance).CreateLogger<MachineStore>(),
        Token);

    internal string RecordOf(string folder) => Path.Combine(Cluster, folder, "conf.json");

    internal Task<string> GitAsync(params string[] arguments) => GitProgram.RunAsync(Cluster, arguments);

    internal static Task<ChangeOutcome> AddAsync(MachineStore store, string serial) =>
        store.ChangeAsync(Samples.Operator, Samples.Add(Samples.Machine(serial)), Token);

    /// <summary>Folders, history and git agree.</summary>
    internal async Task AssertSoundAsync()
    {
        Assert.Equal("", await GitProgram.StatusAsync(Cluster));
        Assert.Equal("", await GitProgram.CheckAsync(Cluster));
    }
}
