using Mayu.Core.Machines;
using Mayu.Server.Access;
using Mayu.Server.Auth;
using Mayu.Server.Http;
using Mayu.Server.Preflight;
using Mayu.Server.Reload;
using Mayu.Storage.Folders;
using Microsoft.AspNetCore.Http.HttpResults;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.Api;

/// <summary>
/// <c>POST /api/v1/config-check</c>: what <c>mayu config check</c> finds, of the files on the server's disk. Nothing is loaded. One at a time, on a thread of its own
/// and on one processor, so that machines boot meanwhile.
/// </summary>
internal sealed class ConfigCheckEndpoint(ConfigurationReload reload, IMachineStore store, TimeProvider clock) : IDisposable
{
    // A secret's program may take ten seconds.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly SemaphoreSlim _turn = new(1);

    public void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/v1/config-check", AnswerAsync).For(Role.Operator)
        .WithName("checkConfig").WithSummary("Checks the configuration file on the server's disk and all that it names, as mayu config check does. Nothing is loaded.");

    /// <summary>Ends it.</summary>
    public void Dispose() => _turn.Dispose();

    private async Task<Results<Ok<Contracts.ConfigCheckResult>, Problem>> AnswerAsync(Caller caller, CancellationToken aborted)
    {
        if (caller.RefuseForAll() is { } refusal)
        {
            return Problem.Of(refusal);
        }

        if (!await _turn.WaitAsync(TimeSpan.Zero, CancellationToken.None))
        {
            return new Problem(StatusCodes.Status503ServiceUnavailable, "Another check runs", "The configuration is being checked already; one check runs at a time. Try again in a few seconds.");
        }

        using var limit = new CancellationTokenSource(Limit, clock);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(aborted, limit.Token);
        try
        {
            return TypedResults.Ok(ViewOf(await CheckAsync(ended.Token).WaitAsync(ended.Token)));
        }
        catch (OperationCanceledException) when (!aborted.IsCancellationRequested)
        {
            return new Problem(
                StatusCodes.Status503ServiceUnavailable, "The check took too long", $"It was given up after {Limit.TotalSeconds:0} s. Run `mayu config check` on the server, which takes as long as it needs.");
        }
    }

    // The next one may run when this has ended, not when nobody waits for it any more.
    private Task<ConfigCheck> CheckAsync(CancellationToken ended) => Task.Factory.StartNew(
        () =>
        {
            try
            {
                var known = new ClusterRecords([.. store.Current.Machines], []);
                return ConfigCheck.Run(reload.Reopen(), _ => (known, null), new ParallelOptions { MaxDegreeOfParallelism = 1, CancellationToken = ended });
            }
            finally
            {
                _turn.Release();
            }
        },
        CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static Contracts.ConfigCheckResult ViewOf(ConfigCheck check) => new()
    {
        File = check.File,
        IsValid = check.IsValid,
        Machines = check.Machines,
        Findings =
        [
            .. check.Findings.SelectMany(finding => finding.EachFault()).Select(finding => new Contracts.ConfigFinding
            {
                Severity = finding.Severity switch
                {
                    FindingSeverity.Note => Contracts.ConfigFinding.Note,
                    FindingSeverity.Warning => Contracts.ConfigFinding.Warning,
                    _ => Contracts.ConfigFinding.Error,
                },
                Key = finding.Key.Length > 0 ? finding.Key : null,
                Source = finding.Place?.Source,
                Line = finding.Place?.Line,
                Column = finding.Place?.Column,
                Message = finding.Message,
            }),
        ],
    };
}
