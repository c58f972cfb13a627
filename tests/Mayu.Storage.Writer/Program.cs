using Mayu.Storage.Writer;

// crash DIR WRITERS [STEP COUNT]: change for ever, telling each acknowledged change; die at the COUNT-th STEP.
// measure DIR MACHINES WRITERS SECONDS: print durable changes per second.
switch (args)
{
    case ["crash", var directory, var writers]:
        await EndlessChanges.RunAsync(directory, int.Parse(writers), dieAt: null, count: 0);
        return 0;
    case ["crash", var directory, var writers, var step, var count]:
        await EndlessChanges.RunAsync(directory, int.Parse(writers), step, int.Parse(count));
        return 0;
    case ["measure", var directory, var machines, var writers, var seconds]:
        await Throughput.MeasureAsync(directory, int.Parse(machines), int.Parse(writers), TimeSpan.FromSeconds(int.Parse(seconds)));
        return 0;
    default:
        await Console.Error.WriteLineAsync("crash DIR WRITERS [STEP COUNT] | measure DIR MACHINES WRITERS SECONDS");
        return 2;
}
