using Mayu.Fuzz;
using SharpFuzz;

const int Failed = 1;
const int Usage = 2;

switch (args)
{
    // Under afl-fuzz: one input after the other from shared memory; an exception that escapes is a crash.
    case ["run", var name] when FuzzTarget.Find(name) is { } target:
        Fuzzer.OutOfProcess.Run(stream =>
        {
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            target.Take(copy.ToArray());
        });
        return 0;

    case ["replay", var corpus]:
        return Replay(corpus);

    case ["list"]:
        foreach (var target in FuzzTarget.All)
        {
            Console.WriteLine(target.Name);
        }

        return 0;

    default:
        Console.Error.WriteLine("mayu-fuzz: use it as `list`, `replay CORPUS` or, under afl-fuzz, `run TARGET`; tests/Fuzz/fuzz --help says more");
        return Usage;
}

static int Replay(string corpus)
{
    var failures = 0;
    foreach (var target in FuzzTarget.All)
    {
        var inputs = Directory.GetFiles(Path.Combine(corpus, target.Name)).Order(StringComparer.Ordinal).ToArray();
        foreach (var input in inputs)
        {
            try
            {
                target.Take(File.ReadAllBytes(input));
            }
            catch (Exception escaped)
            {
                failures++;
                Console.Error.WriteLine($"mayu-fuzz: {input}: {escaped}");
            }
        }

        Console.WriteLine($"{target.Name}: {inputs.Length} inputs");
        if (inputs.Length == 0)
        {
            failures++;
            Console.Error.WriteLine($"mayu-fuzz: {target.Name} has no corpus");
        }
    }

    return failures == 0 ? 0 : Failed;
}
