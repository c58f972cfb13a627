using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Mayu.Client;
using Mayu.Client.Contracts;
using Mayu.InfoPusher.Facts;
using Mayu.InfoPusher.Http;

namespace Mayu.InfoPusher.Push;

/// <summary>Posts the facts until the server has taken or refused them, or the tries are used up.</summary>
/// <param name="time">The clock of the pauses and time-outs.</param>
/// <param name="log">Gets a line for each try that failed.</param>
/// <param name="token">The boot token; null: none.</param>
internal sealed class FactsPush(TimeProvider time, TextWriter log, string? token)
{
    /// <summary>Longest part of a server's explanation that is shown, in characters: a template's errors can be many.</summary>
    private const int MaxExplanation = 4000;

    private const int LongestProblem = 1 << 20;

    /// <summary>Posts the facts.</summary>
    /// <param name="facts">What was collected.</param>
    /// <param name="target">Where to.</param>
    /// <param name="timeout">Time for each try, the connection included.</param>
    /// <param name="retries">Tries after the first, 0 or more.</param>
    /// <param name="cancellation">Ends it at once.</param>
    public async Task<PushResult> RunAsync(FactsReport facts, HttpTarget target, TimeSpan timeout, int retries, CancellationToken cancellation)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(facts, BootJsonContext.Default.FactsReport);
        for (var failures = 1; ; failures++)
        {
            var result = await TryAsync(target, json, timeout, cancellation);
            if (result.Outcome != PushOutcome.Unreachable || failures > retries)
            {
                return result;
            }

            var pause = RetryPause.After(failures, Random.Shared.NextDouble());
            await log.WriteLineAsync($"infopusher: {result.Reason}; try {failures} of {retries + 1}, the next in {pause.TotalSeconds:0.0} s");
            await Task.Delay(pause, time, cancellation);
        }
    }

    private async Task<PushResult> TryAsync(HttpTarget target, byte[] json, TimeSpan timeout, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        try
        {
            var answer = await HttpExchange.PostAsync(target, json, token, either.Token);
            return answer switch
            {
                { IsSuccess: true, Body: [] } => new PushResult(PushOutcome.Refused, [], $"the server answered HTTP {answer.Status} without a config"),
                { IsSuccess: true } => new PushResult(PushOutcome.Accepted, answer.Body, "") { Serial = answer.Serial },
                { MayPass: true } => new PushResult(PushOutcome.Unreachable, [], Describe(answer)),
                _ => new PushResult(PushOutcome.Refused, [], "the server refused: " + Describe(answer)),
            };
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Unreachable(target, $"no answer within {timeout.TotalSeconds:0.#} s");
        }
        catch (SocketException failed)
        {
            return Unreachable(target, CleanText.From(failed.Message) ?? failed.SocketErrorCode.ToString());
        }
        catch (Exception failed) when (failed is IOException or InvalidDataException)
        {
            return Unreachable(target, CleanText.From(failed.Message) ?? "the connection was lost");
        }
    }

    private static PushResult Unreachable(HttpTarget target, string why) =>
        new(PushOutcome.Unreachable, [], $"http://{target.Authority}: {why}");

    /// <summary>The status, with the title and the detail of the problem where the server told them.</summary>
    internal static string Describe(HttpAnswer answer)
    {
        string?[] words = ["HTTP " + answer.Status, .. ReadProblem(answer.Body)];
        return string.Join(": ", words.OfType<string>());
    }

    private static string?[] ReadProblem(byte[] body)
    {
        try
        {
            if (AnswerJson.Read(body, BootJsonContext.Default.ApiProblem, LongestProblem) is { } problem)
            {
                return [CleanText.From(problem.Title ?? "", MaxExplanation), CleanText.From(problem.Detail ?? "", MaxExplanation)];
            }
        }
        catch (JsonException)
        {
            // Not problem+json: the first Mayu, or a proxy on the way, answers plain text.
        }

        return [CleanText.From(Encoding.UTF8.GetString(body), MaxExplanation)];
    }
}
