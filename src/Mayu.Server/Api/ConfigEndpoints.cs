using Mayu.Core.Assignment;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Primitives;
using Mayu.Server.Access;
using Mayu.Server.Api.Machines;
using Mayu.Server.Api.Queries;
using Mayu.Server.Auth;
using Mayu.Server.Configuration;
using Mayu.Server.Http;
using Mayu.Server.Preview;
using Microsoft.AspNetCore.Http.HttpResults;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.Api;

/// <summary>
/// What a machine would be given now, with placeholders for secrets. A config has what <c>vars</c> says in it, password hashes among that, which no other answer
/// shows: so it is for operators, and only of machines that they may change. They could have such a machine installed, and read it there.
/// </summary>
internal sealed class ConfigEndpoints(IMachineStore store, MachineDirectory directory, Func<MayuConfiguration> configuration) : IDisposable
{
    // To render takes a processor for a while, which machines may need.
    private const int AtOnce = 2;

    private readonly SemaphoreSlim _turns = new(AtOnce);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/machines/{serial}/config", OfMachineAsync).For(Role.Operator)
            .WithName("getMachineConfig").WithSummary("The provisioning config that a machine would be given now, with placeholders for secrets.");
        routes.MapGet("/api/v1/profiles/{name}/config", OfProfileAsync).For(Role.Operator)
            .WithName("getProfileConfig").WithSummary("The provisioning config of a profile, for a machine that nobody has, with placeholders for secrets.");
    }

    /// <summary>Ends it.</summary>
    public void Dispose() => _turns.Dispose();

    private async Task<Results<HashedAnswer<Contracts.MachineConfig>, Problem>> OfMachineAsync(Query<ProfileQuery> query, SerialSegment asked, Caller caller, CancellationToken aborted)
    {
        var (settings, snapshot) = (configuration(), store.Current);
        if (snapshot.Find(asked.Value) is not { } machine)
        {
            return Problem.Of(directory.NotFound(asked.Value));
        }

        if (caller.RefuseChange(machine, next: null) is { } refusal)
        {
            return Problem.Of(refusal);
        }

        if (query.Value.Profile is { } name)
        {
            switch (OperatorChanges.Move(machine, settings.Cluster, name))
            {
                case Proposal.Put moved:
                    // Who may not give it that profile must not see what it holds.
                    if (caller.RefuseChange(machine, moved.Machine) is { } outside)
                    {
                        return Problem.Of(outside);
                    }

                    machine = moved.Machine;
                    break;
                case Proposal.Refuse refused:
                    return Problem.Of(refused.Refusal);
            }
        }

        return machine.Profile is null
            ? Problem.Of(new Refusal(RefusalReason.StateForbids, $"Machine {machine.Serial} has no profile yet, so it would be given no config; ?profile=NAME shows what it would get with that one."))
            : settings.Cluster.FindProfile(machine.Profile) is not { } profile
            ? Problem.Of(new Refusal(RefusalReason.Conflict, $"Profile {machine.Profile} of machine {machine.Serial} is not in the configuration, so it would be given no config; ?profile=NAME shows what it would get with another one."))
            : await AnswerAsync(new ConfigPreview(settings), machine, profile, machine.Serial, aborted);
    }

    private async Task<Results<HashedAnswer<Contracts.MachineConfig>, Problem>> OfProfileAsync(NameSegment asked, Caller caller, CancellationToken aborted)
    {
        var settings = configuration();
        if (caller.RefuseForAll() is { } refusal)
        {
            return Problem.Of(refusal);
        }

        if (settings.Cluster.FindProfile(asked.Value) is not { } profile)
        {
            return Problem.Of(new Refusal(RefusalReason.NotFound, $"There is no profile {asked.Value}{Suggestion.For(asked.Value, settings.Cluster.Profiles.Select(known => known.Name))}. `mayuctl profiles` shows all."));
        }

        var preview = new ConfigPreview(settings);
        return await AnswerAsync(preview, preview.FirstOf(profile), profile, serial: null, aborted);
    }

    private async Task<Results<HashedAnswer<Contracts.MachineConfig>, Problem>> AnswerAsync(ConfigPreview preview, Machine machine, Profile profile, Serial? serial, CancellationToken aborted)
    {
        await _turns.WaitAsync(aborted);
        try
        {
            var config = preview.Config(machine, profile);
            return config.Problem is { } problem
                ? new Problem(StatusCodes.Status409Conflict, "The config cannot be rendered", config.MayBePlaceholder ? $"{problem} ({PreviewedConfig.PlaceholderHint})" : problem)
                : new HashedAnswer<Contracts.MachineConfig>(new()
                {
                    Serial = serial?.Text,
                    Profile = profile.Name,
                    Image = profile.Image,
                    Files = [.. config.Files.Select(file => new Contracts.RenderedFile { Name = file.Name, Text = file.Text })],
                    Warnings = [.. WarningsOf(preview, profile)],
                });
        }
        finally
        {
            _turns.Release();
        }
    }

    private static IEnumerable<string> WarningsOf(ConfigPreview preview, Profile profile)
    {
        if (preview.Unchecked.ToList() is { Count: > 0 } keys)
        {
            yield return $"These values were not validated, since secrets are not read here: {string.Join(", ", keys)}.";
        }

        if (preview.ImageProblem(profile) is { } missing)
        {
            yield return $"{missing}; image.version is the image's name here.";
        }
    }

    internal sealed record ProfileQuery(string? Profile) : IQuery<ProfileQuery>
    {
        public static ProfileQuery Read(QueryReader query) => new(query.Text("profile", about: ("As if the machine had this profile. Default: the one that it has.", "core")));
    }
}
